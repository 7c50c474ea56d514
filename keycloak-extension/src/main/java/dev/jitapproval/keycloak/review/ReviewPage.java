package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.util.AuthenticationFlowURLHelper;

/** Renders the review page in each of its states. */
final class ReviewPage {

    private static final String TEMPLATE = "jit-review.ftl";

    private final KeycloakSession session;
    private final RealmModel realm;

    ReviewPage(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** The page of a state that tells nothing about any request. */
    Response bare(LoginFormsProvider forms, PageState state) {
        return render(forms, state, title(forms, state), new HashMap<>());
    }

    /** The page of a request, in a state that tells about it. */
    Response of(RequiredActionContext context, ApprovalRequest request, PageState state) {
        return of(context, request, state, null, "");
    }

    /**
     * The page of a request.
     *
     * @param problem the code of what is missing in the form, or {@code null}
     * @param comment what was written already
     */
    Response of(RequiredActionContext context, ApprovalRequest request, PageState state, String problem, String comment) {
        LoginFormsProvider forms = context.form();
        if (!state.tellsFacts()) {
            return bare(forms, state);
        }
        Locale locale = session.getContext().resolveLocale(context.getUser());
        RequestView view = new RequestView(request, locale, KeycloakClock.now());
        Map<String, Object> model = view.model();
        model.put("problem", problem == null ? "" : problem);
        model.put("comment", comment);
        model.put("maxComment", Ballot.MAX_COMMENT);
        model.put("decisions", state == PageState.OPEN ? List.of()
                : RequestView.decisions(JitApprovalProvider.of(session).approvals().history(request.id()), locale));
        model.put("again", ReviewLinks.review(session.getContext().getUri().getBaseUri(), realm, request.id()).toString());
        model.put("here", new AuthenticationFlowURLHelper(session, realm, session.getContext().getUri())
                .getLastExecutionUrl(context.getAuthenticationSession()).toString());
        String heading = switch (state) {
            case OPEN, CONFLICT, STEP_UP -> view.question(forms::getMessage);
            default -> title(forms, state);
        };
        return render(forms, state, heading, model);
    }

    /** The last page, after a decision was recorded. */
    Response done(LoginFormsProvider forms, UserModel reader, ApprovalRequest request, Ballot.Decision decision) {
        Locale locale = session.getContext().resolveLocale(reader);
        Map<String, Object> model = new RequestView(request, locale, KeycloakClock.now()).model();
        model.put("decision", decision.name().toLowerCase(Locale.ROOT));
        return Pages.render(session, realm, forms, "jit-done.ftl", Response.Status.OK,
                forms.getMessage("jitReviewDone." + model.get("decision")), model);
    }

    private Response render(LoginFormsProvider forms, PageState state, String heading, Map<String, Object> model) {
        model.put("state", state.wireName());
        return Pages.render(session, realm, forms, TEMPLATE, state.status(), heading, model);
    }

    private static String title(LoginFormsProvider forms, PageState state) {
        return forms.getMessage("jitReviewTitle." + state.wireName());
    }
}
