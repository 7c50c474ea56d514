package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.OwnChange;
import dev.jitapproval.keycloak.decisionlog.Decided;
import dev.jitapproval.keycloak.decisionlog.DecisionLog;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.observe.DecisionFigures;
import dev.jitapproval.keycloak.observe.Observations;
import dev.jitapproval.keycloak.observe.ObservedFigures;
import dev.jitapproval.keycloak.policy.Policy;
import dev.jitapproval.keycloak.review.Level;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.Config;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.AcrUtils;

/**
 * Every guarded step comes through here and goes on only with {@link Verdict.Pass}. Asked again for the same step, it decides anew: on
 * the facts as they are then, under the policy as it is then.
 */
public final class Gate {

    private static final Logger LOG = Logger.getLogger(Gate.class);

    private final JitApprovalProvider jit;
    private final Holds holds;
    private final Granted granted;
    private final Confirmations confirmations;
    private final DecisionLog log;

    /** The gate as this session sees it. */
    public Gate(KeycloakSession session) {
        this.jit = JitApprovalProvider.of(session);
        this.granted = new Granted(session);
        this.holds = new Holds(session, jit, granted);
        this.confirmations = new Confirmations(session);
        this.log = DecisionLog.of(session);
    }

    /**
     * Decides what happens to a step. Never throws because the engine or the database failed: the verdict is a refusal then.
     *
     * @return the verdict; side effects on requests are committed when it is returned
     */
    public Verdict judge(Step step) {
        if (bypasses(step)) {
            LOG.warnf("User %s passes the checkpoint into the admin console: admin-bypass-users", step.username());
            return new Verdict.Pass(How.ADMIN_BYPASS, null, null);
        }
        Optional<Policy> policy = jit.policies().active(step.realm());
        if (policy.isEmpty()) {
            LOG.errorf("Realm %s has no valid policy, so the checkpoint refuses every step", step.realm().getName());
            return new Verdict.Refuse(Refusal.NO_POLICY, null);
        }
        String context = null;
        Decision decision = null;
        Verdict verdict;
        try {
            context = granted.context(step, policy.get());
            decision = decide(step, policy.get(), context);
            verdict = carryOut(step, policy.get(), decision);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The checkpoint of realm %s refuses a step of user %s: it could not decide it",
                    step.realm().getName(), step.username());
            verdict = new Verdict.Refuse(Refusal.UNAVAILABLE, decision);
        }
        if (decision != null) {
            log(step, policy.get(), decision, context, verdict);
        }
        return verdict;
    }

    private void log(Step step, Policy policy, Decision decision, String context, Verdict verdict) {
        log.add(new Decided(
                step.realm().getId(),
                step.realm().getName(),
                step.userId(),
                step.client().getId(),
                step.context().action(),
                Instant.parse(step.context().now()),
                policy,
                decision,
                context,
                !(verdict instanceof Verdict.Pass),
                verdict.requestId()));
    }

    /**
     * The level of authentication that the policy demands of a step, where it was not reached. Nothing is opened, spent, counted or logged:
     * the step itself still has to be {@link #judge judged}.
     *
     * @return an {@code acr} as the policy writes it
     */
    public Optional<String> demandedLevel(Step step) {
        if (bypasses(step)) {
            return Optional.empty();
        }
        return jit.policies()
                .active(step.realm())
                .map(policy -> jit.engine().decide(policy.hash(), policy.source(), granted.context(step, policy)))
                .map(decision -> decision.obligations().acr())
                .filter(acr -> !reached(step, acr));
    }

    /**
     * Gives up the request that this step waits for, in the requester's name.
     *
     * @return the request afterwards; empty where this browser has none
     */
    public Optional<ApprovalRequest> cancel(Step step) {
        return holds.cancel(step);
    }

    /** Only in the realm of the server's admins: in another one, whoever runs it, or registers there, chooses their own name. */
    private boolean bypasses(Step step) {
        return step.user() != null
                && Config.getAdminRealm().equals(step.realm().getName())
                && Constants.ADMIN_CONSOLE_CLIENT_ID.equals(step.client().getClientId())
                && jit.config().adminBypassUsers().contains(step.username());
    }

    private Decision decide(Step step, Policy policy, String context) {
        long start = System.nanoTime();
        String effect = "error";
        try {
            Decision decision = jit.engine().decide(policy.hash(), policy.source(), context);
            effect = decision.effect().name().toLowerCase(Locale.ROOT);
            ObservedFigures.count(step.realm().getName(), step.context().action(), decision);
            DecisionFigures.count(step.realm().getName(), decision);
            return decision;
        } finally {
            Observations.evaluated(
                    step.realm().getName(), step.context().action(), effect, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Verdict carryOut(Step step, Policy policy, Decision decision) {
        if (decision.effect() == Effect.DENY) {
            holds.abandon(step, "denied_by_policy");
            return new Verdict.Refuse(Refusal.POLICY, decision);
        }
        if (decision.obligations().acr() != null && !reached(step, decision.obligations().acr())) {
            return new Verdict.Refuse(Refusal.STEP_UP, decision);
        }
        if (ReviewClient.is(step.client())) {
            return atApproverClient(step, decision);
        }
        Optional<ApprovalRequest> spent = holds.spentHere(step, decision);
        Optional<Grant> grant = spent.isPresent() ? Optional.empty() : holds.granted(step, decision);
        boolean needsApproval = decision.obligations().approval() != null && spent.isEmpty() && grant.isEmpty();
        boolean confirmedNow = decision.obligations().confirm() && decision.digest().equals(step.confirmedDigest());
        boolean confirmed = confirmedNow || decision.obligations().confirm() && confirmations.holds(step, decision);
        boolean needsConfirmation = decision.obligations().confirm() && !confirmed;
        if ((needsApproval && step.reach() == Reach.NOBODY) || (needsConfirmation && step.reach() != Reach.PAGE)) {
            return new Verdict.InteractionNeeded(decision);
        }
        if (needsConfirmation) {
            return new Verdict.Confirm(decision);
        }
        if (confirmedNow) {
            confirmations.remember(step, decision);
        }
        if (spent.isPresent()) {
            return new Verdict.Pass(How.APPROVED, decision, spent.get().id());
        }
        if (grant.isPresent()) {
            holds.abandon(step, "no_longer_needed");
            Observations.granted(step.realm().getName());
            return new Verdict.Pass(How.GRANTED, decision, grant.get().id());
        }
        if (needsApproval) {
            return holds.hold(step, policy, decision);
        }
        boolean steppedUp = decision.effect() == Effect.STEP_UP && decision.obligations().acr() != null;
        if (decision.effect() != Effect.ALLOW && !steppedUp && !(decision.effect() == Effect.CONFIRM && confirmed)) {
            throw new IllegalStateException("the decision " + decision.effect() + " came without its obligation");
        }
        holds.abandon(step, "no_longer_needed");
        if (confirmed) {
            return new Verdict.Pass(confirmedNow ? How.CONFIRMED : How.REMEMBERED, decision, null);
        }
        return new Verdict.Pass(steppedUp ? How.STEPPED_UP : How.ALLOWED, decision, null);
    }

    /** An {@code acr} that neither the client nor the realm maps to a level, and that is none itself, is never reached. */
    private static boolean reached(Step step, String acr) {
        DecisionContext.Session proven = step.context().session();
        return proven != null && Level.reached(proven.level(), acr, AcrUtils.getAcrLoaMap(step.client()));
    }

    /** On the way to a review, an approver may have to change a password as well; nobody is let off the approval of that. */
    private static Verdict atApproverClient(Step step, Decision decision) {
        boolean asksNothing = decision.obligations().approval() == null && !decision.obligations().confirm();
        if (OwnChange.is(step.context().action()) && asksNothing) {
            return new Verdict.Pass(How.ALLOWED, decision, null);
        }
        return endsInReview(step)
                ? new Verdict.Pass(How.APPROVER_CLIENT, decision, null)
                : new Verdict.Refuse(Refusal.APPROVER_CLIENT, decision);
    }

    /**
     * The approvers' client is never held, or nobody could approve anything any more; so it must not be a way in either. Only its own
     * required actions may follow, and those end without a code or a session.
     */
    private static boolean endsInReview(Step step) {
        String action = step.kcAction();
        boolean reviews = !OwnChange.is(step.context().action())
                && (ReviewClient.REVIEW_ACTION.equals(action) || ReviewClient.INBOX_ACTION.equals(action));
        return reviews && ReviewClient.canRun(step.realm(), action);
    }
}
