package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.Instants;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.gate.ShownFacts;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.page.ChangeRows;
import dev.jitapproval.keycloak.page.EndText;
import dev.jitapproval.keycloak.page.PageState;
import dev.jitapproval.keycloak.page.StageLine;
import dev.jitapproval.keycloak.page.Wording;
import dev.jitapproval.keycloak.rest.StatusResource;
import dev.jitapproval.keycloak.review.SafeText;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;

/** Fills the requester's pages. Templates escape what they are given; nothing here is markup. */
final class RequesterPages {

    /** As long as a justification may be, in characters. */
    static final int JUSTIFICATION_MAX = 1000;

    private final Door door;
    private final LoginFormsProvider form;
    private final String action;
    private final String clientName;

    /** Keycloak's own line with the user name is left out: its field has no label, and does not fit a phone. */
    RequesterPages(Door door, String action) {
        this.door = door;
        this.form = door.form().setAuthContext(null);
        this.action = action;
        this.clientName = SafeText.line(ContextBuilder.displayName(door.authSession().getClient()));
    }

    Response waiting(ApprovalRequest request, boolean replacesOlder) {
        Map<String, Object> jit = about(request);
        jit.put("clientName", clientName);
        jit.put("continueUrl", door.here().toString());
        jit.put("statusUrl", StatusResource.url(door.session(), door.authSession(), request.id()).toString());
        jit.put("newsUrl", StatusResource.newsUrl(door.session(), door.authSession(), request.id()).toString());
        jit.put("version", Long.toString(request.seq()));
        jit.put("stages", StageLine.of(request, form::getMessage).stream().map(StageLine::toModel).toList());
        jit.put("matchCode", request.matchCode());
        jit.put("applicationUrl", ApplicationLink.of(door.session(), door.authSession()));
        if (replacesOlder) {
            jit.put("notice", form.getMessage("jitFactsChanged"));
        }
        if (request.deadline() != null) {
            jit.put("deadline", Instants.of(request.deadline()));
            jit.put("deadlineText", inUtc(request.deadline()));
        }
        return page("jit-waiting.ftl", jit, form.getMessage("jitTitleWaiting", clientName));
    }

    Response confirm(Decision decision) {
        Map<String, Object> jit = about(decision);
        jit.put("digest", decision.digest());
        return page("jit-confirm.ftl", jit, title("jitConfirmHeading"));
    }

    /**
     * @param written what the user wrote before, or null
     * @param error why that was not accepted, or null
     */
    Response justify(Decision decision, String written, String error) {
        Map<String, Object> jit = about(decision);
        jit.put("justificationMax", JUSTIFICATION_MAX);
        jit.put("justification", written);
        jit.put("fieldError", error);
        return page("jit-justify.ftl", jit, title("jitJustifyHeading"));
    }

    Response ended(ApprovalRequest request) {
        EndText end = EndText.of(
                request, JitApprovalProvider.of(door.session()).approvals().history(request.id()), form::getMessage);
        Map<String, Object> jit = about(request);
        jit.put("comment", end.comment());
        return finalPage(jit, PageState.of(request.status()), end.heading(), end.outcome(), again("jitAskAgain", "jitAskAgainHere"));
    }

    Response holdMax(ApprovalRequest request) {
        return finalPage(
                about(request), PageState.HOLD_MAX, form.getMessage("jitHoldMaxHeading"), again("jitHoldMaxText", "jitHoldMaxTextHere"), null);
    }

    /** How to ask again: by signing in, or by beginning anew what is no sign-in. */
    private String again(String signIn, String other) {
        return form.getMessage(Wording.isSignIn(action) ? signIn : other);
    }

    /** @param reference what the person can tell an admin to find the event */
    Response refused(Refusal why, Decision decision, String reference) {
        Map<String, Object> jit = about(why == Refusal.POLICY ? decision : null);
        jit.put("reference", reference);
        RefusalText text = RefusalText.of(why);
        return finalPage(
                jit, text.state(), form.getMessage(text.heading()), form.getMessage(text.outcome()), form.getMessage(text.next()));
    }

    String message(String key, Object... arguments) {
        return form.getMessage(key, arguments);
    }

    private Response finalPage(Map<String, Object> jit, PageState state, String heading, String outcome, String next) {
        jit.put("state", state.attribute());
        jit.put("heading", heading);
        jit.put("outcome", outcome);
        jit.put("next", next);
        return page("jit-final.ftl", jit, form.getMessage("jitTitlePage", heading, clientName));
    }

    private Map<String, Object> about(ApprovalRequest request) {
        ShownFacts.What asked = ShownFacts.parse(request.facts()).what();
        Map<String, Object> jit = what(request.reason(), asked.change(), asked.target());
        jit.put("requestId", request.id());
        return jit;
    }

    private Map<String, Object> about(Decision decision) {
        return what(decision == null ? null : decision.reason(), door.change(), door.target());
    }

    private Map<String, Object> what(String reason, DecisionContext.Change change, DecisionContext.Target target) {
        Wording wording = Wording.of(action, change, target);
        Map<String, Object> jit = new HashMap<>();
        jit.put("what", wording.what(clientName, form::getMessage));
        jit.put("target", wording.target() == null ? null : wording.target().toModel());
        ChangeRows.put(jit, change);
        jit.put("reason", reason);
        jit.put("username", door.username());
        return jit;
    }

    private String title(String heading) {
        return form.getMessage("jitTitlePage", form.getMessage(heading), clientName);
    }

    private Response page(String template, Map<String, Object> jit, String title) {
        return form.setAttribute("jit", jit)
                .setAttributeMapper(attributes -> {
                    attributes.put("title", title);
                    return attributes;
                })
                .createForm(template);
    }

    /** What stands on the page until a script, which knows the reader's zone, replaces it. */
    private String inUtc(Instant instant) {
        KeycloakSession session = door.session();
        Locale locale = session.getContext().resolveLocale(door.user());
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(locale)
                        .withZone(ZoneOffset.UTC)
                        .format(instant)
                + " UTC";
    }
}
