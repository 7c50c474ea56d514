package dev.jitapproval.keycloak.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.keycloak.events.EventBuilder;

/**
 * What other packages count. Everything lands in Micrometer's global registry, which Keycloak
 * serves as {@code /metrics} on its management port.
 */
public final class Observations {

    /** The detail of a Keycloak event that says what the checkpoint did; see {@code docs/events-and-metrics.md}. */
    public static final String EVENT_DETAIL = "jit_event";

    /** The detail with the id of the approval request. */
    public static final String REQUEST_DETAIL = "jit_request";

    /** The detail with the name of the policy. */
    public static final String POLICY_DETAIL = "jit_policy";

    /** The detail with the id of the rule that decided; absent for a policy's default. */
    public static final String RULE_DETAIL = "jit_rule";

    /** The resource type of the admin events about approval requests. */
    public static final String ADMIN_RESOURCE_TYPE = "JIT_REQUEST";

    private static final Duration[] EVALUATION_BUCKETS = {
        Duration.ofNanos(100_000), Duration.ofNanos(250_000), Duration.ofNanos(500_000), Duration.ofMillis(1),
        Duration.ofNanos(2_500_000), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250)
    };

    private Observations() {}

    /**
     * Counts one evaluation of a policy.
     *
     * @param realm the realm's name
     * @param action the action of the context schema, such as {@code login}
     * @param effect the decision's effect, or {@code error} when the engine gave none and the checkpoint denied
     * @param took how long the evaluation took, the building of the context included
     */
    public static void evaluated(String realm, String action, String effect, Duration took) {
        String labelAction = Labels.action(action);
        Counter.builder("jit.evaluations")
                .description("Policy evaluations by effect")
                .tag("realm", RuleLabel.realm(realm)).tag("action", labelAction).tag("effect", Labels.effect(effect))
                .register(registry()).increment();
        Timer.builder("jit.evaluation.duration")
                .description("Time to decide, from the facts to the answer")
                .tag("realm", RuleLabel.realm(realm)).tag("action", labelAction)
                .serviceLevelObjectives(EVALUATION_BUCKETS)
                .register(registry()).record(took);
    }

    /**
     * Counts a denial by somebody who says that they do not know the person or did not expect the request.
     *
     * @param realm the realm's name
     */
    public static void reported(String realm) {
        Counter.builder("jit.requests.reported")
                .description("Approval requests that an approver reported as unexpected")
                .tag("realm", RuleLabel.realm(realm)).register(registry()).increment();
    }

    /**
     * Counts a step that went on by the grant of an earlier approval.
     *
     * @param realm the realm's name
     */
    public static void granted(String realm) {
        Counter.builder("jit.grants.passed")
                .description("Steps that went on by the grant of an earlier approval")
                .tag("realm", RuleLabel.realm(realm)).register(registry()).increment();
    }

    /**
     * Counts a risk signal that gave no answer; what it tells was absent from the decision.
     *
     * @param realm the realm's name
     * @param signal its factory's id
     * @param why {@code failed}, {@code late} or {@code busy}
     */
    public static void riskSignalSilent(String realm, String signal, String why) {
        Counter.builder("jit.risk.signals.silent")
                .description("Risk signals that gave no answer, by why")
                .tag("realm", RuleLabel.realm(realm)).tag("signal", signal).tag("why", why).register(registry()).increment();
    }

    /**
     * Counts a mail.
     *
     * @param realm the realm's name
     * @param sent whether the mail server took it
     */
    public static void mailed(String realm, boolean sent) {
        Counter.builder("jit.mails")
                .description("Mails about approval requests")
                .tag("realm", RuleLabel.realm(realm)).tag("outcome", sent ? "sent" : "failed").register(registry()).increment();
    }

    /**
     * Counts an attempt to deliver a message of the outbox.
     *
     * @param realm the realm's name
     * @param kind the message's kind; each is a handler's id, so there are few
     * @param outcome {@code done}, {@code skipped}, {@code retried} or {@code dead}
     */
    public static void delivered(String realm, String kind, String outcome) {
        Counter.builder("jit.outbox.deliveries")
                .description("Attempts to deliver side effects, by what came of them")
                .tag("realm", RuleLabel.realm(realm)).tag("kind", kind).tag("outcome", outcome).register(registry()).increment();
    }

    /**
     * Counts a decision that the decision log took, or should have taken.
     *
     * @param realm the realm's name
     * @param outcome {@code held}, {@code observed}, {@code sampled}; {@code dropped} for one of a sample that it had no room for,
     *     {@code failed} where it could not be stored
     */
    public static void decisionLogged(String realm, String outcome) {
        Counter.builder("jit.decisions.logged")
                .description("Decisions by what the decision log did with them")
                .tag("realm", RuleLabel.realm(realm)).tag("outcome", outcome).register(registry()).increment();
    }

    /**
     * Marks the Keycloak event that is being built with what the checkpoint did.
     *
     * @param event the event of the running flow
     * @param what the value of {@link #EVENT_DETAIL}, such as {@code held} or {@code denied_by_policy}
     * @param policy the policy's name, or {@code null}
     * @param rule the rule that decided, or {@code null}
     * @param requestId the approval request, or {@code null}
     * @return the same event builder
     */
    public static EventBuilder mark(EventBuilder event, String what, String policy, String rule, String requestId) {
        return event.detail(EVENT_DETAIL, what)
                .detail(POLICY_DETAIL, policy)
                .detail(RULE_DETAIL, rule)
                .detail(REQUEST_DETAIL, requestId);
    }

    private static MeterRegistry registry() {
        return Metrics.globalRegistry;
    }
}
