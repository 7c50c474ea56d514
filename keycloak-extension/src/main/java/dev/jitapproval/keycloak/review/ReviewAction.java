package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalConflictException;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Outcome;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.observe.Observations;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * Shows one request and takes one decision. Everything is checked again when the decision comes: between the page and the post,
 * the action may have been disabled, the person may have lost the role, and others may have decided.
 */
final class ReviewAction extends EnclosedAction {

    private static final Logger LOG = Logger.getLogger(ReviewAction.class);

    /** Rejections that the person can mend on the same page. */
    private static final Set<String> MENDABLE = Set.of("comment_required", "match_code_required");

    private final KeycloakSession session;

    ReviewAction(KeycloakSession session) {
        super(ReviewClient.REVIEW_ACTION);
        this.session = session;
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        ReviewPage page = page(context);
        if (!ReviewClient.is(context.getAuthenticationSession().getClient())) {
            context.challenge(page.bare(context.form(), PageState.WRONG_CLIENT));
            return;
        }
        try {
            Optional<ApprovalRequest> found = find(context);
            context.challenge(found.isEmpty()
                    ? page.bare(context.form(), PageState.NOT_FOUND)
                    : page.of(context, found.get(), stateOf(context, found.get())));
        } catch (RuntimeException failed) {
            unavailable(context, failed);
        }
    }

    @Override
    public void processAction(RequiredActionContext context) {
        if (!ReviewClient.is(context.getAuthenticationSession().getClient())
                || !Ballot.isOwnForm(context.getHttpRequest())
                || !ReviewClient.canRun(context.getRealm(), ReviewClient.REVIEW_ACTION)) {
            refuse(context);
            return;
        }
        Optional<Ballot> ballot = Ballot.read(context.getHttpRequest().getDecodedFormParameters());
        if (ballot.isEmpty()) {
            refuse(context);
            return;
        }
        try {
            decide(context, ballot.get());
        } catch (ApprovalConflictException busy) {
            showAgain(context, PageState.CONFLICT);
        } catch (RuntimeException failed) {
            unavailable(context, failed);
        }
    }

    private void decide(RequiredActionContext context, Ballot ballot) {
        Optional<ApprovalRequest> found = find(context);
        if (found.isEmpty()) {
            context.challenge(page(context).bare(context.form(), PageState.NOT_FOUND));
            return;
        }
        ApprovalRequest request = found.get();
        PageState state = stateOf(context, request);
        if (state != PageState.OPEN) {
            context.challenge(page(context).of(context, request, state));
            return;
        }
        boolean acrReached = request.currentStage()
                .map(stage -> Level.reached(session, context.getAuthenticationSession(), stage)).orElse(false);
        Outcome outcome = approvals().execute(
                context.getRealm().getId(), request.id(), ballot.command(acrReached), actor(context));
        if (outcome.accepted()) {
            finish(context, outcome.request(), ballot);
        } else {
            explain(context, outcome, ballot);
        }
    }

    private void finish(RequiredActionContext context, ApprovalRequest request, Ballot ballot) {
        if (ballot.decision() == Ballot.Decision.REPORT) {
            Observations.reported(context.getRealm().getName());
            Observations.mark(context.getEvent().clone(), "reported", request.policyName(), request.ruleId(), request.id())
                    .error("jit_request_reported");
        }
        ReviewPage page = page(context);
        Enclosure.finish(context, forms -> page.done(forms, context.getUser(), request, ballot.decision()));
    }

    private void explain(RequiredActionContext context, Outcome outcome, Ballot ballot) {
        String code = outcome.rejectionCode().orElseThrow();
        ApprovalRequest request = outcome.request();
        PageState state = switch (code) {
            case "conflict" -> PageState.CONFLICT;
            case "acr_required" -> PageState.STEP_UP;
            default -> stateOf(context, request);
        };
        if (state == PageState.OPEN && !MENDABLE.contains(code)) {
            state = PageState.CONFLICT;
        }
        String problem = state == PageState.OPEN ? code : null;
        context.challenge(page(context).of(context, request, state, problem, ballot.comment()));
    }

    private PageState stateOf(RequiredActionContext context, ApprovalRequest request) {
        PageState state = new Standing(session, context.getRealm(), context.getUser()).of(request);
        boolean tooLow = state == PageState.OPEN && request.currentStage()
                .map(stage -> !Level.reached(session, context.getAuthenticationSession(), stage)).orElse(true);
        return tooLow ? PageState.STEP_UP : state;
    }

    private void showAgain(RequiredActionContext context, PageState state) {
        Optional<ApprovalRequest> found = find(context);
        context.challenge(found.isEmpty()
                ? page(context).bare(context.form(), PageState.NOT_FOUND)
                : page(context).of(context, found.get(), state));
    }

    private void refuse(RequiredActionContext context) {
        Observations.mark(context.getEvent().clone(), "refused_form", null, null, null).error("jit_form_refused");
        context.challenge(page(context).bare(context.form(), PageState.REFUSED));
    }

    private void unavailable(RequiredActionContext context, RuntimeException cause) {
        LOG.errorf(cause, "A review in realm %s cannot be shown or decided", context.getRealm().getName());
        context.challenge(page(context).bare(context.form(), PageState.UNAVAILABLE));
    }

    private Optional<ApprovalRequest> find(RequiredActionContext context) {
        String id = context.getAuthenticationSession().getClientNote(Constants.KC_ACTION_PARAMETER);
        return ReviewLinks.isRequestId(id) ? approvals().find(context.getRealm().getId(), id) : Optional.empty();
    }

    private Actor actor(RequiredActionContext context) {
        UserModel user = context.getUser();
        String personKey = session.getProvider(EligibilityLookup.class).personKey(context.getRealm(), user);
        return Actor.user(user.getId(), user.getUsername(), personKey);
    }

    private ReviewPage page(RequiredActionContext context) {
        return new ReviewPage(session, context.getRealm());
    }

    private ApprovalService approvals() {
        return JitApprovalProvider.of(session).approvals();
    }
}
