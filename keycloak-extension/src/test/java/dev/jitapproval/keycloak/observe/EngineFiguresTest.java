package dev.jitapproval.keycloak.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.LoadedPolicy;
import dev.jitapproval.keycloak.engine.WasmEngine;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineFiguresTest {

    private static final String POLICY = """
            {"apiVersion": "jit-approval.dev/v1", "name": "greedy", "rules": [
              {"id": "all-pairs", "on": ["login"], "effect": "confirm",
               "when": "user.roles.all(a, user.roles.all(b, a + b != ''))"}]}""";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WasmEngine module = Engines.fresh();
    private final Engine engine = EngineFigures.observe(module);

    @BeforeEach
    void listen() {
        Metrics.globalRegistry.add(registry);
    }

    @AfterEach
    void stop() {
        module.close();
        Metrics.globalRegistry.remove(registry);
        Metrics.globalRegistry.clear();
    }

    @Test
    void eachCallIsTimedByItsOperation() {
        engine.version();
        engine.version();
        assertThat(registry.get("jit.engine.call.duration").tag("op", "version").timer().count()).isEqualTo(2);
        assertThat(registry.find("jit.engine.failures").counters()).isEmpty();
    }

    @Test
    void aContextThatIsNoneIsAFailureOfItsOwnKind() {
        LoadedPolicy policy = engine.load(POLICY, "greedy.yaml");
        assertThatExceptionOfType(EngineException.class).isThrownBy(() -> engine.decide(policy.hash(), POLICY, "{}"));
        assertThat(registry.get("jit.engine.failures").tags("op", "decide", "kind", "invalid_context").counter().count()).isEqualTo(1);
    }

    @Test
    void aDecisionThatUsesUpItsBudgetIsAFailure() {
        LoadedPolicy policy = engine.load(POLICY, "greedy.yaml");
        DecisionFigures.count("demo", engine.decide(policy.hash(), POLICY, contextWithRoles(900)));
        assertThat(registry.get("jit.engine.failures").tags("op", "decide", "kind", "budget").counter().count()).isEqualTo(1);
        assertThat(registry.get("jit.rule.errors").tags("policy", "greedy", "rule", "all-pairs").counter().count()).isEqualTo(1);
    }

    @Test
    void aMatchIsCountedWithItsRule() {
        LoadedPolicy policy = engine.load(POLICY, "greedy.yaml");
        DecisionFigures.count("demo", engine.decide(policy.hash(), POLICY, contextWithRoles(2)));
        assertThat(registry.get("jit.rule.triggers")
                        .tags("realm", "demo", "policy", "greedy", "rule", "all-pairs", "effect", "confirm", "mode", "enforce")
                        .counter().count())
                .isEqualTo(1);
    }

    private static String contextWithRoles(int count) {
        StringBuilder roles = new StringBuilder();
        for (int i = 0; i < count; i++) {
            roles.append(i == 0 ? "" : ",").append("\"role-").append(i).append('"');
        }
        return """
                {"action":"login","now":"2026-11-24T14:32:38.000Z","realm":{"name":"demo"},"flow":{"alias":"browser"},
                 "client":{"id":"console","name":"Console","public":false,"attributes":{}},
                 "user":{"id":"1","username":"alice","email":"alice@example.org","email_verified":true,"roles":[%s],
                  "client_roles":{},"groups":[],"attributes":{},"federated":false,"service_account":false},
                 "request":{"ip":"203.0.113.7","user_agent":"Mozilla/5.0","scopes":["openid"],"headers":{}},
                 "session":{"sso":false}}""".formatted(roles);
    }
}
