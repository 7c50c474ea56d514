package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.engine.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;

/** Which rules match, and which cannot be evaluated. */
public final class DecisionFigures {

    /** How the engine begins to say that a decision's budget is used up; a test asks the engine itself. */
    private static final String BUDGET = "the policy is too expensive";

    private DecisionFigures() {}

    /** Counts the rules that a decision met, those that only observe too. */
    public static void count(String realm, Decision decision) {
        String policy = decision.policy().name();
        for (Decision.Match match : decision.matched()) {
            Counter.builder("jit.rule.triggers").description("How often a rule matched")
                    .tags(RuleLabel.of(realm, policy, match.rule()))
                    .tag("effect", Labels.effect(lower(match.effect()))).tag("mode", lower(match.mode()))
                    .register(Metrics.globalRegistry).increment();
        }
        for (Decision.EvaluationError error : decision.errors()) {
            Counter.builder("jit.rule.errors").description("How often a rule could not be evaluated")
                    .tags(RuleLabel.of(realm, policy, error.rule())).register(Metrics.globalRegistry).increment();
            if (isBudget(error)) {
                EngineFigures.failed("decide", EngineFigures.BUDGET);
            }
        }
    }

    static boolean isBudget(Decision.EvaluationError error) {
        return error.message() != null && error.message().contains(BUDGET);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
