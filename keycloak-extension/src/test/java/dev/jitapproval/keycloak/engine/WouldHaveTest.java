package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the engine's own decisions say would have happened, had rules under observation been enforced. */
class WouldHaveTest {

    private static final WasmEngine ENGINE = Engines.fresh();

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void theStrictestRuleUnderObservationIsTold() {
        Decision decision = decide("""
                - { id: ask, on: [login], effect: confirm, mode: observe }
                - { id: stop, on: [login], effect: deny, mode: observe }
                """);

        assertThat(decision.effect()).isEqualTo(Effect.ALLOW);
        assertThat(decision.wouldHave()).hasValueSatisfying(match -> {
            assertThat(match.rule()).isEqualTo("stop");
            assertThat(match.effect()).isEqualTo(Effect.DENY);
        });
    }

    @Test
    void whatIsNoStricterThanWhatHappenedIsNoNews() {
        assertThat(decide("""
                - { id: ask, on: [login], effect: confirm, mode: observe }
                - { id: stop, on: [login], effect: deny }
                """).wouldHave()).isEmpty();
        assertThat(decide("- { id: open, on: [login], effect: allow, mode: observe }\n").wouldHave()).isEmpty();
        assertThat(decide("- { id: other, on: [login], when: 'false || client.id == \"none\"', effect: deny, mode: observe }\n").wouldHave())
                .isEmpty();
    }

    private static Decision decide(String rules) {
        String source = "apiVersion: jit-approval.dev/v1\nname: watched\nrules:\n" + rules.indent(2);
        String hash = ENGINE.load(source, "watched.yaml").hash();
        return ENGINE.decide(hash, source, Contexts.login("198.51.100.9"));
    }
}
