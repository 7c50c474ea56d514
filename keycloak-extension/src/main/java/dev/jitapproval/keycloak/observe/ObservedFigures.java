package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.engine.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;

/** What rules under observation would have done. */
public final class ObservedFigures {

    private ObservedFigures() {}

    /**
     * Counts an evaluation that would have come out stricter, had every rule been enforced.
     *
     * @param realm the realm's name
     * @param action the action of the context schema
     */
    public static void count(String realm, String action, Decision decision) {
        decision.wouldHave().ifPresent(match -> Counter.builder("jit.observed")
                .description("Policy evaluations that rules under observation would have made stricter, by their effect")
                .tag("realm", RuleLabel.realm(realm)).tag("action", Labels.action(action))
                .tag("effect", Labels.effect(match.effect().name().toLowerCase(Locale.ROOT)))
                .register(Metrics.globalRegistry).increment());
    }
}
