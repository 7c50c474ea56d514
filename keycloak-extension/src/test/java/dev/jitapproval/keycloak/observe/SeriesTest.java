package dev.jitapproval.keycloak.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeriesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void listen() {
        RetiredSeries.ofRealmsBut(Set.of());
        Metrics.globalRegistry.add(registry);
    }

    @AfterEach
    void stop() {
        Metrics.globalRegistry.remove(registry);
        Metrics.globalRegistry.clear();
    }

    @Test
    void theTimeToADecisionIsKeptForDecisionsOnly() {
        RequestFigures.cameTo(RuleLabel.of("demo", "prod", "console"), "approved", Duration.ofSeconds(90));
        RequestFigures.cameTo(RuleLabel.of("demo", "prod", "console"), "expired", Duration.ofMinutes(15));
        RequestFigures.cameTo(RuleLabel.of("demo", "prod", "console"), "pending", Duration.ZERO);
        assertThat(registry.get("jit.requests").counters()).hasSize(2);
        assertThat(registry.get("jit.time.to.decision").tags("policy", "prod", "rule", "console").timers()).singleElement()
                .satisfies(timer -> assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(90));
    }

    @Test
    void aPolicyWithAThousandRulesMakesAHundredNames() {
        for (int i = 0; i < 1_000; i++) {
            RequestFigures.opened(RuleLabel.of("demo", "large", "rule-" + i));
        }
        assertThat(registry.get("jit.requests.opened").counters()).hasSize(RuleLabel.MOST_RULES + 1);
        assertThat(registry.get("jit.requests.opened").tags("policy", "other", "rule", "other").counter().count()).isEqualTo(900);
    }

    @Test
    void manyRealmsDoNotMakeNamesWithoutEnd() {
        for (int i = 0; i < 2 * RuleLabel.MOST_REALMS; i++) {
            Observations.reported("realm-" + i);
        }
        assertThat(registry.get("jit.requests.reported").counters()).hasSize(RuleLabel.MOST_REALMS + 1);
        assertThat(registry.get("jit.requests.reported").tag("realm", "other").counter().count()).isEqualTo(RuleLabel.MOST_REALMS);
    }

    @Test
    void theSeriesOfARealmThatIsGoneGoWithIt() {
        Observations.reported("gone");
        Observations.reported("here");
        RequestFigures.opened(RuleLabel.of("gone", "prod", "console"));
        RetiredSeries.ofRealmsBut(Set.of("here"));
        assertThat(registry.getMeters()).singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTag("realm")).isEqualTo("here"));
    }

    @Test
    void theSeriesOfARuleThatIsGoneGoWithIt_andMakeRoom() {
        for (int i = 0; i < RuleLabel.MOST_RULES; i++) {
            RequestFigures.opened(RuleLabel.of("demo", "prod", "old-" + i));
        }
        RequestFigures.opened(RuleLabel.of("demo", "prod", null));
        RequestFigures.opened(RuleLabel.of("elsewhere", "prod", "old-1"));
        RetiredSeries.ofRulesBut("demo", "prod", Set.of("new"));
        assertThat(registry.find("jit.requests.opened").tag("rule", "old-1").counters()).singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTag("realm")).isEqualTo("elsewhere"));
        RequestFigures.opened(RuleLabel.of("demo", "prod", "new"));
        assertThat(registry.get("jit.requests.opened").tags("realm", "demo", "rule", "new").counter().count()).isEqualTo(1);
    }
}
