package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.gate.BrowserSecret;
import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Step;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.common.util.Time;
import org.keycloak.events.Errors;
import org.keycloak.models.Constants;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.util.TokenUtil;

/**
 * One run of the checkpoint in a flow: builds the step, asks the gate and turns its verdict into what the person or the client gets.
 *
 * <p>Refusals are {@code forceChallenge}, never {@code failure}: Keycloak counts a failed authenticator as a failed login, and nobody may be
 * locked out of an account because a policy or an approver said no.
 */
final class CheckpointStep {

    private static final Logger LOG = Logger.getLogger(CheckpointStep.class);

    private final AuthenticationFlowContext context;
    private final AuthenticationSessionModel authSession;
    private final TabMemory memory;
    private final FlowEvents events;
    private final String action;
    private final boolean browser;
    private final BrowserSecret secret;
    private final Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());

    CheckpointStep(AuthenticationFlowContext context) {
        this.context = context;
        this.authSession = context.getAuthenticationSession();
        this.memory = new TabMemory(authSession);
        this.events = new FlowEvents(context, memory);
        this.browser = StepAction.hasBrowser(context.getFlowPath());
        this.action = StepAction.of(context.getSession(), authSession, context.getFlowPath());
        this.secret = BrowserCookie.read(context.getSession()).orElseGet(BrowserSecret::random);
    }

    /** @param justification what the user wrote just now, or null */
    void run(String justification) {
        if (ssoEnded()) {
            context.resetFlow();
            return;
        }
        Verdict verdict = judge(justification);
        if (browser) {
            answerBrowser(verdict);
        } else {
            answerMachine(verdict);
        }
    }

    /** Sends the browser back to the client, which is told why. An open request stays open. */
    void leave() {
        context.forceChallenge(ClientAnswer.accessDenied(context, memory.answer()));
    }

    /** The user does not confirm. */
    void decline() {
        events.declined();
        context.forceChallenge(ClientAnswer.accessDenied(context, "the user did not confirm"));
    }

    /** @param digest of the decision that the page was about; a decision on other facts needs a confirmation of its own */
    void confirm(String digest) {
        if (digest != null) {
            memory.confirmed(digest);
        }
        run(null);
    }

    /** The user gives up the request that this tab waits for. */
    void cancel() {
        try {
            new Gate(context.getSession())
                    .cancel(step(null))
                    .ifPresent(request -> memory.waitFor(request.id(), false, now));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The request of user %s could not be cancelled", context.getUser().getUsername());
        }
        run(null);
    }

    /** @param written the justification, as typed */
    void send(String written) {
        String justification = written == null ? "" : written.strip();
        if (justification.isEmpty() || justification.length() > RequesterPages.JUSTIFICATION_MAX) {
            Verdict verdict = judge(null);
            if (verdict instanceof Verdict.Justify justify) {
                RequesterPages pages = pages();
                String error = justification.isEmpty()
                        ? pages.message("jitJustifyMissing")
                        : pages.message("jitJustifyTooLong", Integer.toString(RequesterPages.JUSTIFICATION_MAX));
                context.challenge(pages.justify(justify.decision(), justification, error));
            } else {
                answerBrowser(verdict);
            }
            return;
        }
        run(justification);
    }

    private Verdict judge(String justification) {
        try {
            return new Gate(context.getSession()).judge(step(justification));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The facts about a step of user %s could not be gathered", context.getUser().getUsername());
            return new Verdict.Refuse(Refusal.UNAVAILABLE, null);
        }
    }

    private Step step(String justification) {
        return new Step(
                context.getRealm(),
                context.getUser(),
                authSession.getClient(),
                ContextBuilder.forLogin(context.getSession(), authSession, action, context.getTopLevelFlow().getAlias(), now),
                Optional.of(secret),
                browser && !isPassive(),
                authSession.getClientNote(Constants.KC_ACTION),
                memory.request(),
                memory.restarted(),
                memory.confirmedDigest(),
                justification);
    }

    private boolean isPassive() {
        return TokenUtil.hasPrompt(authSession.getClientNote(OIDCLoginProtocol.PROMPT_PARAM), OIDCLoginProtocol.PROMPT_VALUE_NONE);
    }

    /**
     * Whether the SSO session that answered for this login has ended while the step was held. Keycloak would go on without it, for its
     * cookie step succeeded once and is not tried again.
     */
    private boolean ssoEnded() {
        if (!browser || !SessionFacts.answeredBySso(authSession)) {
            return false;
        }
        Optional<UserSessionModel> sso = SessionFacts.fromCookie(context.getSession(), authSession);
        sso.ifPresent(context::attachUserSession);
        return sso.isEmpty();
    }

    private void answerBrowser(Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            events.passed(pass);
            context.success();
        } else if (verdict instanceof Verdict.Refuse refuse) {
            events.refused(refuse.why(), refuse.decision());
            memory.answer(RefusalText.of(refuse.why()).toClient());
            context.forceChallenge(pages().refused(refuse.why(), refuse.decision(), memory.reference()));
        } else if (verdict instanceof Verdict.Confirm confirm) {
            context.challenge(pages().confirm(confirm.decision()));
        } else if (verdict instanceof Verdict.Justify justify) {
            memory.answer("approval is needed");
            context.challenge(pages().justify(justify.decision(), null, null));
        } else if (verdict instanceof Verdict.Hold hold) {
            hold(hold.request(), hold.replacesOlder());
        } else if (verdict instanceof Verdict.Ended ended) {
            end(ended.request());
        } else if (verdict instanceof Verdict.InteractionNeeded needed) {
            interactionNeeded(needed.decision());
        }
    }

    private void hold(ApprovalRequest request, boolean replacesOlder) {
        BrowserCookie.write(context.getSession(), context.getRealm(), secret);
        memory.waitFor(request.id(), replacesOlder, now);
        boolean overdue = request.status() == RequestStatus.PENDING
                && memory.waitedFor(JitApprovalProvider.of(context.getSession()).config().holdMax(), now);
        if (overdue) {
            memory.answer("approval is pending");
            context.forceChallenge(pages().holdMax(request));
        } else {
            context.challenge(pages().waiting(request, memory.replacedOlder()));
        }
    }

    private void end(ApprovalRequest request) {
        BrowserCookie.write(context.getSession(), context.getRealm(), secret);
        memory.waitFor(request.id(), false, now);
        memory.answer("the approval request is " + request.status().wireName());
        events.ended(request);
        context.forceChallenge(pages().ended(request));
    }

    private void interactionNeeded(Decision decision) {
        events.interactionNeeded(decision);
        throw new InteractionRequiredException(ClientAnswer.interactionRequired(context));
    }

    private void answerMachine(Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            events.passed(pass);
            context.success();
        } else if (verdict instanceof Verdict.Refuse refuse) {
            events.refused(refuse.why(), refuse.decision());
            context.forceChallenge(ClientAnswer.jsonDenied(RefusalText.of(refuse.why()).toClient()));
        } else if (verdict instanceof Verdict.InteractionNeeded needed) {
            events.interactionNeeded(needed.decision()).error(Errors.ACCESS_DENIED);
            context.forceChallenge(ClientAnswer.jsonInteractionRequired());
        } else {
            throw new IllegalStateException("the gate held a step that nobody can be shown a page for: " + verdict);
        }
    }

    private RequesterPages pages() {
        return new RequesterPages(context, action);
    }
}
