package dev.jitapproval.keycloak.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvenLevelTest {

    private static final Instant AT = Instant.parse("2026-11-24T14:32:38Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void whatIsWrittenIsRead() {
        assertThat(ProvenLevel.parse(new ProvenLevel(2, AT).written())).isEqualTo(new ProvenLevel(2, AT));
    }

    @Test
    void aLevelHoldsForItselfAndForLowerOnes() {
        ProvenLevel proven = new ProvenLevel(2, AT);
        assertThat(proven.holds(1, HOUR, AT)).isTrue();
        assertThat(proven.holds(2, HOUR, AT)).isTrue();
        assertThat(proven.holds(3, HOUR, AT)).isFalse();
    }

    @Test
    void aLevelHoldsForItsMaxAgeOnly() {
        ProvenLevel proven = new ProvenLevel(2, AT);
        assertThat(proven.holds(2, HOUR, AT.plus(HOUR).minusSeconds(1))).isTrue();
        assertThat(proven.holds(2, HOUR, AT.plus(HOUR))).isFalse();
        assertThat(proven.holds(2, Duration.ZERO, AT)).isFalse();
    }

    @Test
    void whatLiesInTheFutureProvesNothing() {
        assertThat(new ProvenLevel(2, AT.plusSeconds(1)).holds(2, HOUR, AT)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "@", "2@", "@1", "two@1", "2@now", "2@1@1"})
    void anythingElseIsNoLevel(String note) {
        assertThat(ProvenLevel.parse(note)).isNull();
        assertThat(ProvenLevel.parse(null)).isNull();
    }
}
