package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.gate.BrowserSecret;
import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Holder;
import dev.jitapproval.keycloak.gate.Reach;
import dev.jitapproval.keycloak.gate.Step;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.grant.Resting;
import dev.jitapproval.keycloak.gate.Verdict;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.events.Errors;
import org.keycloak.models.Constants;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.util.TokenUtil;

/** One run of the checkpoint at a door: builds the step, asks the gate and turns its verdict into what the person or the client gets. */
public final class CheckpointStep {

    private static final Logger LOG = Logger.getLogger(CheckpointStep.class);

    private final Door door;
    private final AuthenticationSessionModel authSession;
    private final TabMemory memory;
    private final FlowEvents events;
    private final String action;
    private final boolean browser;
    private final BrowserSecret secret;
    private final Instant now = KeycloakClock.now();

    /** @param door where the step stands */
    public CheckpointStep(Door door) {
        this.door = door;
        this.authSession = door.authSession();
        this.browser = door.hasBrowser();
        this.action = door.action();
        this.memory = new TabMemory(authSession, action);
        this.events = new FlowEvents(door, memory);
        this.secret = BrowserCookie.read(door.session()).orElseGet(BrowserSecret::random);
    }

    /** @param justification what the user wrote just now, or null */
    public void run(String justification) {
        if (ssoEnded()) {
            door.startAgain();
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
        door.leave(memory.answer());
    }

    /** The user does not confirm. */
    void decline() {
        events.declined();
        door.leave("the user did not confirm");
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
            new Gate(door.session())
                    .cancel(step(null, browser ? Reach.PAGE : Reach.NOBODY))
                    .ifPresent(request -> memory.waitFor(request.id(), false, now));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The request of user %s could not be cancelled", door.username());
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
                door.hold(pages.justify(justify.decision(), justification, error));
            } else {
                answerBrowser(verdict);
            }
            return;
        }
        run(justification);
    }

    /**
     * Whether the step may go on without anybody being shown a page. Opens no request and spends no approval; it looks at what this login
     * has already passed.
     *
     * @return false where it has to be {@link #run}
     */
    public boolean goesOn() {
        if (PassedHere.is(door.session(), authSession, action)) {
            return true;
        }
        if (ssoEnded()) {
            return false;
        }
        Verdict verdict = judge(null, Reach.NOBODY);
        if (verdict instanceof Verdict.Pass pass) {
            events.passed(pass);
            new Resting(door.session()).note(authSession, action, pass);
            return true;
        }
        if (isPassive() && verdict instanceof Verdict.InteractionNeeded needed) {
            events.passive(needed.decision());
        } else if (isPassive() && verdict instanceof Verdict.Refuse refuse && refuse.why() == Refusal.STEP_UP) {
            events.passive(refuse.decision());
        }
        return false;
    }

    /**
     * The level of authentication that the policy demands of this step, where it was not reached.
     *
     * @throws RuntimeException if that cannot be found out
     */
    Optional<String> demandedLevel() {
        return new Gate(door.session()).demandedLevel(step(null, Reach.NOBODY));
    }

    private Verdict judge(String justification) {
        return judge(justification, browser && !isPassive() ? Reach.PAGE : Reach.NOBODY);
    }

    private Verdict judge(String justification, Reach reach) {
        try {
            return new Gate(door.session()).judge(step(justification, reach));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The facts about a step of user %s could not be gathered", door.username());
            return new Verdict.Refuse(Refusal.UNAVAILABLE, null);
        }
    }

    private Step step(String justification, Reach reach) {
        return Step.of(door.realm(), door.user(), authSession.getClient(), context(), Holder.browser(secret))
                .requester(door.requester())
                .reach(reach)
                .impersonator(impersonator())
                .session(authSession.getParentSession().getId())
                .kcAction(authSession.getClientNote(Constants.KC_ACTION))
                .waitsFor(memory.request(), memory.restarted())
                .spent(memory.spent())
                .confirmed(memory.confirmedDigest())
                .justification(justification)
                .build();
    }

    private DecisionContext context() {
        ContextBuilder context = ContextBuilder.forLogin(door.session(), authSession, action, door.flowAlias(), now);
        if (door.user() != null) {
            context.user(door.user());
        }
        return context.change(door.change()).target(door.target()).build();
    }

    private Step.Impersonator impersonator() {
        return SessionFacts.impersonator(door.session(), authSession)
                .map(id -> new Step.Impersonator(
                        id, SessionFacts.impersonatorName(door.session(), authSession).orElse(null)))
                .orElse(null);
    }

    private boolean isPassive() {
        return isPassive(authSession);
    }

    /** Whether the client forbids questions ({@code prompt=none}, {@code IsPassive}). */
    static boolean isPassive(AuthenticationSessionModel authSession) {
        return PassiveSaml.is(authSession)
                || TokenUtil.hasPrompt(authSession.getClientNote(OIDCLoginProtocol.PROMPT_PARAM), OIDCLoginProtocol.PROMPT_VALUE_NONE);
    }

    /**
     * Whether the SSO session that answered for this login has ended while the step was held. Keycloak would go on without it, for its
     * cookie step succeeded once and is not tried again.
     */
    private boolean ssoEnded() {
        if (!browser || !SessionFacts.answeredBySso(authSession)) {
            return false;
        }
        Optional<UserSessionModel> sso = SessionFacts.fromCookie(door.session(), authSession);
        sso.ifPresent(door::attach);
        return sso.isEmpty();
    }

    private void answerBrowser(Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            pass(pass);
        } else if (verdict instanceof Verdict.Refuse refuse && refuse.why() == Refusal.STEP_UP && isPassive()) {
            interactionNeeded(refuse.decision());
        } else if (verdict instanceof Verdict.Refuse refuse && refuse.why() == Refusal.STEP_UP && startsHigher(refuse.decision())) {
            door.startAgain();
        } else if (verdict instanceof Verdict.Refuse refuse) {
            events.refused(refuse.why(), refuse.decision());
            memory.answer(RefusalText.of(refuse.why()).toClient());
            DeviceCode.deny(door);
            door.refuse(pages().refused(refuse.why(), refuse.decision(), memory.reference()));
        } else if (verdict instanceof Verdict.Confirm confirm) {
            door.hold(pages().confirm(confirm.decision()));
        } else if (verdict instanceof Verdict.Justify justify) {
            memory.answer("approval is needed");
            door.hold(pages().justify(justify.decision(), null, null));
        } else if (verdict instanceof Verdict.Hold hold) {
            hold(hold.request(), hold.replacesOlder());
        } else if (verdict instanceof Verdict.Ended ended) {
            end(ended.request());
        } else if (verdict instanceof Verdict.InteractionNeeded needed) {
            interactionNeeded(needed.decision());
        } else {
            // Saying nothing would let a required action's login go on.
            throw new IllegalStateException("there is no page for the verdict " + verdict);
        }
    }

    private boolean startsHigher(Decision decision) {
        return door.comesBack() && new HigherLevel(authSession).ask(decision.obligations().acr());
    }

    private void pass(Verdict.Pass pass) {
        if (pass.requestId() != null) {
            memory.spent(pass.requestId());
        }
        new Resting(door.session()).note(authSession, action, pass);
        if (pass.how() == Verdict.How.CONFIRMED && pass.decision().obligations().remember() != null) {
            BrowserCookie.write(door.session(), door.realm(), secret);
        }
        events.passed(pass);
        PassedHere.mark(door.session(), authSession, action);
        door.pass();
    }

    private void hold(ApprovalRequest request, boolean replacesOlder) {
        BrowserCookie.write(door.session(), door.realm(), secret);
        memory.waitFor(request.id(), replacesOlder, now);
        boolean overdue = request.status() == RequestStatus.PENDING
                && memory.waitedFor(JitApprovalProvider.of(door.session()).config().holdMax(), now);
        if (overdue) {
            memory.answer("approval is pending");
            door.refuse(pages().holdMax(request));
        } else {
            door.hold(pages().waiting(request, memory.replacedOlder()));
        }
    }

    private void end(ApprovalRequest request) {
        BrowserCookie.write(door.session(), door.realm(), secret);
        memory.waitFor(request.id(), false, now);
        memory.answer("the approval request is " + request.status().wireName());
        events.ended(request);
        if (request.status() != RequestStatus.USED) {
            DeviceCode.deny(door);
        }
        door.refuse(pages().ended(request));
    }

    private void interactionNeeded(Decision decision) {
        events.interactionNeeded(decision);
        door.interactionRequired();
    }

    private void answerMachine(Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            pass(pass);
        } else if (verdict instanceof Verdict.Refuse refuse) {
            events.refused(refuse.why(), refuse.decision());
            door.refuse(refuse.why() == Refusal.STEP_UP
                    ? ClientAnswer.jsonStepUp(refuse.decision().obligations().acr())
                    : ClientAnswer.jsonDenied(RefusalText.of(refuse.why()).toClient()));
        } else if (verdict instanceof Verdict.InteractionNeeded needed) {
            events.interactionNeeded(needed.decision()).error(Errors.ACCESS_DENIED);
            door.refuse(ClientAnswer.jsonInteractionRequired());
        } else {
            throw new IllegalStateException("the gate held a step that nobody can be shown a page for: " + verdict);
        }
    }

    private RequesterPages pages() {
        return new RequesterPages(door, action);
    }
}
