package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A policy of as many rules as there may be is loaded and decides. How long that takes in a JVM that has just started, the benchmark tells: this one
 * has compiled what other tests needed.
 */
class LargestPolicyTest {

    private static final int MOST_RULES = 10_000;

    @Test
    void isLoadedAndDecides() {
        String rules = IntStream.range(0, MOST_RULES)
                .mapToObj(LargestPolicyTest::rule)
                .collect(Collectors.joining("\n", "apiVersion: jit-approval.dev/v1\nname: largest\nrules:\n", "\n"));
        try (WasmEngine engine = Engines.fresh()) {
            LoadedPolicy policy = engine.load(rules, "largest.yaml");
            assertThat(policy.rules()).hasSize(MOST_RULES);

            Decision decision = engine.decide(policy.hash(), rules, Contexts.login("203.0.113.7"));

            assertThat(decision.effect()).isEqualTo(Effect.DENY);
            assertThat(decision.rule()).isEqualTo("r" + (MOST_RULES - 1));
        }
    }

    /** Ten for each client, of which the last is the one that the context is about. */
    private static String rule(int number) {
        String client = number == MOST_RULES - 1 ? "prod-console" : "app-" + number / 10;
        return "  - { id: r" + number + ", on: [login], effect: deny, when: 'client.id == \"" + client
                + "\" && !user.federated && user.roles.exists(r, r != \"auditor-" + number + "\")' }";
    }
}
