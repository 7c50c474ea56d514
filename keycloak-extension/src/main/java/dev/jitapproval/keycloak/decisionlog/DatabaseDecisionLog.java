package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.engine.Redacted;
import dev.jitapproval.keycloak.observe.Observations;
import dev.jitapproval.keycloak.policy.Policy;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;

/**
 * The decision log in Keycloak's own database. Each decision is a transaction of its own, so neither can undo the other.
 *
 * <p>What stopped a step is kept before the caller goes on, for somebody will ask about it. What is only a sample is handed to another
 * thread: a login that is allowed waits for nothing, and where that thread cannot keep up, the sample gets smaller.
 */
final class DatabaseDecisionLog implements DecisionLog {

    private static final Logger LOG = Logger.getLogger(DatabaseDecisionLog.class);

    private final Redaction redaction;
    private final double sampleByDefault;
    private final LogTransactions transactions;
    private final Executor later;
    private final DoubleSupplier dice;

    /**
     * @param sampleByDefault the share of allowed decisions to keep where a policy does not say
     * @param later runs what nobody waits for; may refuse it
     * @param dice evenly from 0 (included) to 1 (not included)
     */
    DatabaseDecisionLog(
            Redaction redaction, double sampleByDefault, LogTransactions transactions, Executor later, DoubleSupplier dice) {
        this.redaction = redaction;
        this.sampleByDefault = sampleByDefault;
        this.transactions = transactions;
        this.later = later;
        this.dice = dice;
    }

    @Override
    public void add(Decided decided) {
        try {
            boolean observed = !decided.stopped() && decided.observed();
            Double wanted = decided.policy().decisionLog().sample();
            double rate = wanted == null ? sampleByDefault : wanted;
            if (decided.stopped() || observed) {
                keep(decided, observed, false, rate);
            } else if (dice.getAsDouble() < rate) {
                later.execute(() -> keep(decided, false, true, rate));
            }
        } catch (RejectedExecutionException e) {
            LOG.debugf("Realm %s: a sampled decision is not kept, for more wait than the log can take", decided.realmName());
            Observations.decisionLogged(decided.realmName(), "dropped");
        } catch (RuntimeException e) {
            failed(decided, e);
        }
    }

    private void keep(Decided decided, boolean observed, boolean sampled, double rate) {
        try {
            // The engine may take its time; no database connection waits for it.
            LoggedDecision kept = entry(decided, observed, sampled, rate);
            if (storePatiently(decided, kept)) {
                Observations.decisionLogged(decided.realmName(), sampled ? "sampled" : observed ? "observed" : "held");
            }
        } catch (RuntimeException e) {
            failed(decided, e);
        }
    }

    /** Tries again once: somebody else may have kept the same policy at the same moment. */
    private boolean storePatiently(Decided decided, LoggedDecision kept) {
        try {
            return store(decided, kept);
        } catch (RuntimeException e) {
            LOG.debugf(e, "Realm %s: a decision could not be kept at the first try", decided.realmName());
            return store(decided, kept);
        }
    }

    private boolean store(Decided decided, LoggedDecision kept) {
        return transactions.run(work -> {
            // A waiting page is drawn again and again, and each time the step is decided anew.
            if (kept.requestId() != null && work.decisions().has(kept.requestId(), kept.policyHash(), kept.digest())) {
                return false;
            }
            work.requests().keepPolicy(decided.policy(), kept.at());
            work.decisions().insert(kept);
            return true;
        });
    }

    private static void failed(Decided decided, RuntimeException e) {
        LOG.errorf(e, "Realm %s: a decision (%s, policy %s) is missing from the decision log; the step itself is not affected",
                decided.realmName(), decided.decision().effect(), decided.policy().hash());
        Observations.decisionLogged(decided.realmName(), "failed");
    }

    private LoggedDecision entry(Decided decided, boolean observed, boolean sampled, double rate) {
        Policy policy = decided.policy();
        boolean whole = policy.decisionLog().redact().isEmpty();
        Redacted redacted = whole ? null : redaction.redact(policy.hash(), policy.source(), decided.context());
        return new LoggedDecision(
                UUID.randomUUID().toString(),
                decided.realmId(),
                decided.at(),
                decided.action(),
                decided.decision().effect().name().toLowerCase(Locale.ROOT),
                policy.hash(),
                policy.name(),
                decided.decision().rule(),
                decided.userId(),
                decided.clientId(),
                decided.requestId(),
                observed,
                sampled,
                rate,
                whole ? decided.context() : redacted.context().toString(),
                DecisionDocument.paths(whole ? List.of() : redacted.redacted()),
                DecisionDocument.of(decided.decision()),
                decided.decision().digest());
    }
}
