package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelTest {

    private static final Map<String, Integer> LEVELS = Map.of("silver", 1, "gold", 2);

    @ParameterizedTest
    @CsvSource({
        "2, gold, true",
        "3, gold, true",
        "1, gold, false",
        "-1, gold, false",
        "1, silver, true",
        "2, 2, true",
        "1, 2, false",
        "-1, -1, false",
        "9, platinum, false",
        "9, '', false",
    })
    void theLevelMustHaveBeenReached(int level, String acr, boolean reached) {
        assertThat(Level.reached(level, acr, LEVELS)).isEqualTo(reached);
    }
}
