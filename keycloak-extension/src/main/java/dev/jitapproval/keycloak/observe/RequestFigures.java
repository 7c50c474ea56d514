package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What becomes of requests, by the policy and the rule that led to them. */
final class RequestFigures {

    private static final Duration[] DECISION_BUCKETS = {
        Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(5),
        Duration.ofMinutes(10), Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(4), Duration.ofDays(1)
    };

    private RequestFigures() {}

    /** Counts a change of a request. */
    static void count(String realm, ApprovalChange change) {
        ApprovalRequest request = change.request();
        Tags rule = RuleLabel.of(realm, request.policyName(), request.ruleId());
        if (change.before() == null && !change.events().isEmpty()) {
            opened(rule);
        }
        if (request.status() != change.before()) {
            cameTo(rule, request.status().wireName(), Duration.between(request.openedAt(), request.updatedAt()));
        }
        for (ApprovalEvent event : change.events()) {
            happened(rule, event.kind());
        }
        if (change.rejection() != null) {
            rejected(realm, change.rejection().code());
        }
    }

    /** Counts a request that was opened. */
    static void opened(Tags rule) {
        Counter.builder("jit.requests.opened").description("Approval requests that were opened")
                .tags(rule).register(Metrics.globalRegistry).increment();
    }

    /**
     * Counts a request that came to a new status, and how long it took to be decided.
     *
     * @param status as in the wire format; {@code pending} counts nothing
     * @param sinceOpened the time since the request was opened; a histogram keeps it for {@code approved} and {@code denied}
     */
    static void cameTo(Tags rule, String status, Duration sinceOpened) {
        if ("pending".equals(status)) {
            return;
        }
        Tags tags = rule.and("outcome", Labels.outcome(status));
        Counter.builder("jit.requests").description("Approval requests by the status they came to")
                .tags(tags).register(Metrics.globalRegistry).increment();
        if ("approved".equals(status) || "denied".equals(status)) {
            Timer.builder("jit.time.to.decision").description("Time from opening a request to its decision")
                    .tags(tags).serviceLevelObjectives(DECISION_BUCKETS).register(Metrics.globalRegistry).record(sinceOpened);
        }
    }

    private static void happened(Tags rule, String kind) {
        switch (kind) {
            case "timed_out" -> Counter.builder("jit.timeouts").description("Requests, and approvals that nobody used, whose time was up")
                    .tags(rule).register(Metrics.globalRegistry).increment();
            case "escalated" -> Counter.builder("jit.escalations").description("Stages whose time was up and that others took over")
                    .tags(rule).register(Metrics.globalRegistry).increment();
            default -> { }
        }
    }

    /** Counts a command that changed nothing. */
    private static void rejected(String realm, String code) {
        Counter.builder("jit.commands.rejected").description("Votes and other commands that were refused, by the reason")
                .tag("realm", RuleLabel.realm(realm)).tag("code", code).register(Metrics.globalRegistry).increment();
    }
}
