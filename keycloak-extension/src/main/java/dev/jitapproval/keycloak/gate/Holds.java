package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.NewRequest;
import dev.jitapproval.keycloak.approval.Outcome;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/** Holds steps: finds or opens the request that a step waits for, and spends it once it is approved. */
final class Holds {

    /** More than a person needs, and few enough that a stolen password cannot be used to flood approvers. */
    static final int MAX_OPEN_REQUESTS = 10;

    /** Each request is a mail to every approver, and a row for good; who cancels could ask for ever otherwise. */
    static final int MAX_REQUESTS_AN_HOUR = 30;

    private final KeycloakSession session;
    private final JitApprovalProvider jit;

    Holds(KeycloakSession session, JitApprovalProvider jit) {
        this.session = session;
        this.jit = jit;
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
            return new Verdict.Ended(request);
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
     */
    private Optional<ApprovalRequest> find(Step step) {
        if (step.browser().isEmpty()) {
            return Optional.empty();
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
        return approvals().findLive(key(step, step.browser().get())).filter(request -> belongsTo(step, request));
    }

    private static boolean belongsTo(Step step, ApprovalRequest request) {
        RequestKey key = request.key();
        return step.browser().isPresent()
                && step.browser().get().matches(key.browserHash())
                && key.userId().equals(step.user().getId())
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
                .map(pinned -> jit.engine()
                        .decide(pinned.hash(), pinned.source(), step.context().toJson().toString()))
                .filter(underPinned -> answers(request, underPinned))
                .isPresent();
    }

    private static boolean answers(ApprovalRequest request, Decision decision) {
        return request.digest().equals(decision.digest())
                && request.chain().equals(decision.obligations().approval());
    }

    private Verdict open(Step step, Policy policy, Decision decision, String justification, boolean replacesOlder) {
        if (decision.obligations().approval().justification() && (justification == null || justification.isBlank())) {
            return new Verdict.Justify(decision);
        }
        BrowserSecret browser = step.browser().orElseThrow(() -> new IllegalStateException("a held step needs a browser's secret"));
        List<ApprovalRequest> open = approvals().findLiveOfUser(step.realm().getId(), step.user().getId()).stream()
                .filter(request -> request.status() == RequestStatus.PENDING)
                .toList();
        if (open.size() >= MAX_OPEN_REQUESTS || openedLately(step) >= MAX_REQUESTS_AN_HOUR) {
            return new Verdict.Refuse(Refusal.TOO_MANY_REQUESTS, decision);
        }
        List<ApprovalRequest> others = open.stream()
                .filter(request -> !browser.matches(request.key().browserHash()))
                .toList();
        Outcome outcome = approvals().open(new NewRequest(
                key(step, browser),
                requester(step),
                policy,
                decision,
                ShownFacts.of(step, impersonatorName(), decision, others).toJson(),
                justification));
        if (outcome.rejectionCode().filter("justification_required"::equals).isPresent()) {
            return new Verdict.Justify(decision);
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

    private long openedLately(Step step) {
        Instant anHourAgo = KeycloakClock.now().minus(Duration.ofHours(1));
        return approvals().countOpened(step.realm().getId(), step.user().getId(), anHourAgo);
    }

    private Verdict spend(Step step, Decision decision, ApprovalRequest request) {
        if (isLocked(step)) {
            return new Verdict.Refuse(Refusal.ACCOUNT, decision);
        }
        Outcome outcome =
                approvals().execute(step.realm().getId(), request.id(), Command.use(), request.requester().asActor());
        return outcome.accepted()
                ? new Verdict.Pass(How.APPROVED, decision, request.id())
                : new Verdict.Ended(outcome.request());
    }

    private boolean isLocked(Step step) {
        if (!step.user().isEnabled() || !step.client().isEnabled()) {
            return true;
        }
        BruteForceProtector protector = session.getProvider(BruteForceProtector.class);
        return step.realm().isBruteForceProtected()
                && (protector.isTemporarilyDisabled(session, step.realm(), step.user())
                        || protector.isPermanentlyLockedOut(session, step.realm(), step.user()));
    }

    private RequestKey key(Step step, BrowserSecret browser) {
        return new RequestKey(
                step.realm().getId(),
                step.user().getId(),
                step.client().getId(),
                step.context().action(),
                browser.hash());
    }

    private Requester requester(Step step) {
        return new Requester(step.user().getId(), step.user().getUsername(), personKey(step));
    }

    private String impersonatorName() {
        return SessionFacts.impersonatorName(session, session.getContext().getAuthenticationSession()).orElse(null);
    }

    /** The person who asks: an admin in somebody else's name is still the one who must not approve it. */
    private String personKey(Step step) {
        EligibilityLookup people = session.getProvider(EligibilityLookup.class);
        Optional<String> impersonator =
                SessionFacts.impersonator(session, session.getContext().getAuthenticationSession());
        if (impersonator.isEmpty()) {
            return people.personKey(step.realm(), step.user());
        }
        UserModel admin = session.users().getUserById(step.realm(), impersonator.get());
        return admin == null ? impersonator.get() : people.personKey(step.realm(), admin);
    }

    private ApprovalService approvals() {
        return jit.approvals();
    }
}
