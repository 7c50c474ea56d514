package dev.jitapproval.keycloak.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObservationsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void listen() {
        Metrics.globalRegistry.add(registry);
    }

    @AfterEach
    void stop() {
        Metrics.globalRegistry.remove(registry);
        Metrics.globalRegistry.clear();
    }

    @Test
    void anEvaluationIsCountedByEffect() {
        Observations.evaluated("demo", "login", "deny", Duration.ofMillis(1));
        Observations.evaluated("demo", "login", "deny", Duration.ofMillis(3));
        Observations.evaluated("demo", "login", "allow", Duration.ofMillis(1));
        assertThat(registry.get("jit.evaluations").tags("realm", "demo", "action", "login", "effect", "deny").counter().count())
                .isEqualTo(2);
        assertThat(registry.get("jit.evaluation.duration").tag("action", "login").timer().count()).isEqualTo(3);
    }

    @Test
    void whatCallersCanChooseMakesNoNewTimeSeries() {
        for (int i = 0; i < 100; i++) {
            Observations.evaluated("demo", "x-" + i, "effect-" + i, Duration.ofMillis(1));
            Observations.evaluated("demo", "made-up-" + i, null, Duration.ofMillis(1));
        }
        assertThat(registry.get("jit.evaluations").counters()).hasSize(2);
        assertThat(registry.get("jit.evaluations").tags("action", "x-custom", "effect", "other").counter().count()).isEqualTo(100);
    }
}
