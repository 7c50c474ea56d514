package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.NewRequest;
import dev.jitapproval.keycloak.approval.Outcome;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.policy.Policy;
import dev.jitapproval.keycloak.registration.HeldAccount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/** Holds steps: finds or opens the request that a step waits for, and spends it once it is approved. */
final class Holds {

    /** Long enough that a program which tries every few seconds does not ask approvers who have just refused. */
    static final Duration REFUSAL_HOLDS = Duration.ofMinutes(10);

    private static final String REGISTER = "register";

    private final KeycloakSession session;
    private final JitApprovalProvider jit;
    private final Granted granted;

    Holds(KeycloakSession session, JitApprovalProvider jit, Granted granted) {
        this.session = session;
        this.jit = jit;
        this.granted = granted;
    }

    Verdict hold(Step step, Policy policy, Decision decision) {
        Optional<ApprovalRequest> found = find(step);
        if (found.isEmpty()) {
            return open(step, policy, decision, step.justification(), false);
        }
        ApprovalRequest request = found.get();
        if (request.id().equals(step.spentRequest())) {
            // Spent on this login, but on other facts: what is asked for now is something new.
            return open(step, policy, decision, step.justification(), true);
        }
        if (!request.status().isLive()) {
            boolean askedAnew = isBackChannel(step) && !sameFacts(step, decision, request);
            return askedAnew ? open(step, policy, decision, step.justification(), false) : new Verdict.Ended(request);
        }
        if (!sameFacts(step, decision, request)) {
            approvals().execute(step.realm().getId(), request.id(), Command.cancelBySystem("facts_changed"), Actor.SYSTEM);
            String justification = step.justification() == null ? request.justification() : step.justification();
            return open(step, policy, decision, justification, true);
        }
        return request.status() == RequestStatus.APPROVED ? spend(step, decision, request) : new Verdict.Hold(request, false);
    }

    /**
     * The request whose approval this very login has spent, where it answers the decision: a realm may have the checkpoint at two doors, and a
     * login passes the second one more than once. Nothing is spent here.
     */
    Optional<ApprovalRequest> spentHere(Step step, Decision decision) {
        if (decision.obligations().approval() == null || step.spentRequest() == null || isLocked(step)) {
            return Optional.empty();
        }
        return approvals()
                .find(step.realm().getId(), step.spentRequest())
                .filter(request -> request.status() == RequestStatus.USED)
                .filter(request -> belongsTo(step, request))
                .filter(request -> sameFacts(step, decision, request));
    }

    /** The grant that spares the approval which the decision demands. */
    Optional<Grant> granted(Step step, Decision decision) {
        if (decision.obligations().approval() == null || isLocked(step)) {
            return Optional.empty();
        }
        return granted.answering(step, decision, requester(step));
    }

    /** The requester gives up the live request of this tab or browser. */
    Optional<ApprovalRequest> cancel(Step step) {
        return find(step)
                .filter(request -> request.status().isLive())
                .map(request -> approvals()
                        .execute(step.realm().getId(), request.id(), Command.cancel(), request.requester().asActor())
                        .request());
    }

    /**
     * Ends the live request that this very tab waits for: with the decision as it is now, it can lead nowhere. One of another tab is left
     * alone, for it may have been opened on other facts.
     */
    void abandon(Step step, String code) {
        find(step)
                .filter(request -> request.id().equals(step.tabRequest()))
                .filter(request -> request.status().isLive())
                .ifPresent(request -> approvals()
                        .execute(step.realm().getId(), request.id(), Command.cancelBySystem(code), Actor.SYSTEM));
    }

    /**
     * The request that this tab waits for, whatever became of it; else the live one that the browser has from another tab or an
     * earlier login. A tab that was sent back to the start lets go of a request that ended, except one that was spent: it was
     * sent back because another tab went on with it.
     *
     * <p>On a back channel there is no tab: the last one of this holder, for as long as its end is an answer.
     */
    private Optional<ApprovalRequest> find(Step step) {
        if (isBackChannel(step)) {
            return approvals()
                    .findLatest(key(step))
                    .filter(request -> request.status().isLive() || isStillAnAnswer(request) || isSpentForGood(step, request));
        }
        if (step.tabRequest() != null) {
            Optional<ApprovalRequest> own = approvals()
                    .find(step.realm().getId(), step.tabRequest())
                    .filter(request -> belongsTo(step, request))
                    .filter(request -> !step.restarted()
                            || request.status().isLive()
                            || request.status() == RequestStatus.USED);
            if (own.isPresent()) {
                return own;
            }
        }
        return approvals().findLive(key(step)).filter(request -> belongsTo(step, request));
    }

    private static boolean isBackChannel(Step step) {
        return step.holder().secret().isEmpty();
    }

    /** Whether a program that tries again by itself is to be told of a refusal, rather than that approvers are asked once more. */
    private static boolean isStillAnAnswer(ApprovalRequest request) {
        return (request.status() == RequestStatus.DENIED || request.status() == RequestStatus.EXPIRED)
                && request.updatedAt().isAfter(KeycloakClock.now().minus(REFUSAL_HOLDS));
    }

    /** Whether the step has gone on by this approval, and goes on once. */
    private static boolean isSpentForGood(Step step, ApprovalRequest request) {
        return step.holder().goesOnOnce() && request.status() == RequestStatus.USED;
    }

    private static boolean belongsTo(Step step, ApprovalRequest request) {
        RequestKey key = request.key();
        return step.holder().matches(key.browserHash())
                && key.userId().equals(step.userId())
                && key.clientId().equals(step.client().getId())
                && key.action().equals(step.context().action());
    }

    /**
     * Whether the request was opened on the facts as they are now, by the lights of the policy that it was opened under. The chain
     * counts as well: facts that no digest holds, such as the time or failed sign-ins, may by now ask for other approvers.
     */
    private boolean sameFacts(Step step, Decision decision, ApprovalRequest request) {
        if (request.policyHash().equals(decision.policy().hash())) {
            return answers(request, decision);
        }
        return jit.policies()
                .byHash(session, request.policyHash())
                .map(pinned -> jit.engine().decide(pinned.hash(), pinned.source(), granted.context(step, pinned)))
                .filter(underPinned -> answers(request, underPinned))
                .isPresent();
    }

    private static boolean answers(ApprovalRequest request, Decision decision) {
        return request.digest().equals(decision.digest())
                && request.chain().equals(decision.obligations().approval());
    }

    private Verdict open(Step step, Policy policy, Decision decision, String justification, boolean replacesOlder) {
        if (decision.obligations().approval().justification() && (justification == null || justification.isBlank())) {
            return justify(step, decision);
        }
        List<ApprovalRequest> live = approvals().findLiveOfUser(step.realm().getId(), step.userId());
        if (new Limits(approvals()).areReached(step, live)) {
            return new Verdict.Refuse(Refusal.TOO_MANY_REQUESTS, decision);
        }
        List<ApprovalRequest> others = live.stream()
                .filter(request -> request.status() == RequestStatus.PENDING)
                .filter(request -> !step.holder().matches(request.key().browserHash()))
                .toList();
        Outcome outcome = approvals().open(new NewRequest(
                key(step),
                requester(step),
                policy,
                decision,
                ShownFacts.of(step, decision, others).toJson(),
                justification));
        if (outcome.rejectionCode().filter("justification_required"::equals).isPresent()) {
            return justify(step, decision);
        }
        ApprovalRequest request = outcome.request();
        if (request == null) {
            throw new IllegalStateException("the request was not opened: " + outcome.rejection().message());
        }
        if (!request.status().isLive()) {
            return new Verdict.Ended(request);
        }
        if (!sameFacts(step, decision, request)) {
            throw new IllegalStateException("another tab opened a request on other facts at the same moment");
        }
        return new Verdict.Hold(request, replacesOlder);
    }

    /** A program cannot be asked why; a person with a browser can. */
    private static Verdict justify(Step step, Decision decision) {
        return step.reach() == Reach.PAGE ? new Verdict.Justify(decision) : new Verdict.InteractionNeeded(decision);
    }

    private Verdict spend(Step step, Decision decision, ApprovalRequest request) {
        if (isLocked(step)) {
            return new Verdict.Refuse(Refusal.ACCOUNT, decision);
        }
        Outcome outcome =
                approvals().execute(step.realm().getId(), request.id(), Command.use(Here.of(step).usedOn()), request.requester().asActor());
        return outcome.accepted()
                ? new Verdict.Pass(How.APPROVED, decision, request.id())
                : new Verdict.Ended(outcome.request());
    }

    private boolean isLocked(Step step) {
        if (!step.client().isEnabled()) {
            return true;
        }
        if (step.user() == null) {
            return false;
        }
        if (!step.user().isEnabled() && !isHeldRegistration(step)) {
            return true;
        }
        BruteForceProtector protector = session.getProvider(BruteForceProtector.class);
        return step.realm().isBruteForceProtected()
                && (protector.isTemporarilyDisabled(session, step.realm(), step.user())
                        || protector.isPermanentlyLockedOut(session, step.realm(), step.user()));
    }

    /** Disabled by nobody but this very step. */
    private static boolean isHeldRegistration(Step step) {
        return REGISTER.equals(step.context().action()) && HeldAccount.is(step.user());
    }

    private static RequestKey key(Step step) {
        return new RequestKey(
                step.realm().getId(),
                step.userId(),
                step.client().getId(),
                step.context().action(),
                step.holder().hash());
    }

    /** The person who asks: an admin in somebody else's name is still the one who must not approve it. */
    private Requester requester(Step step) {
        if (step.requester() != null) {
            return step.requester();
        }
        EligibilityLookup people = session.getProvider(EligibilityLookup.class);
        return new Requester(step.userId(), step.username(), personKey(step, people));
    }

    private String personKey(Step step, EligibilityLookup people) {
        return step.impersonator() == null
                ? people.personKey(step.realm(), step.user())
                : step.impersonator().personKey(session, step.realm());
    }

    private ApprovalService approvals() {
        return jit.approvals();
    }
}
