package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WasmEngineTest {

    private static final Instant NOW = Instant.parse("2026-11-24T14:32:38Z");

    private final WasmEngine engine = Engines.fresh();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void decidesAndAdvancesUnderThePolicyOfTheReference() {
        String source = Policies.fromTheReference();
        LoadedPolicy policy = engine.load(source, "production.yaml");
        assertThat(policy.name()).isEqualTo("production");
        assertThat(policy.mode()).isEqualTo(PolicyMode.ENFORCE);
        assertThat(policy.actions()).contains("login", "reauthenticate");
        assertThat(policy.rules()).containsExactly("prod-console", "strong-factor", "payroll");

        Decision decision = engine.decide(policy.hash(), source, Contexts.login("203.0.113.7"));

        assertThat(decision.effect()).isEqualTo(Effect.REQUIRE_APPROVAL);
        assertThat(decision.rule()).isEqualTo("prod-console");
        assertThat(decision.reason()).contains("outside the office");
        Chain chain = decision.obligations().approval();
        assertThat(chain.stages()).extracting(Stage::name).startsWith("manager", "security");
        assertThat(chain.stages().get(0).approvers()).containsExactly(new Selector.Attribute("manager"));
        assertThat(chain.stages().get(0).escalateTo()).contains("two-eyes/duty-officer");
        assertThat(chain.stages().get(1).approvers())
                .containsExactly(new Selector.Group("/security"), new Selector.ClientRole("prod-console", "approver"));
        assertThat(chain.stages().get(1).quorum()).hasValue(2);
        assertThat(chain.stages().get(1).require().acr()).contains("2");
        assertThat(chain.useBy()).isEqualTo(Duration.ofMinutes(10));

        Advance opened = engine.advance(
                engine.pin(Pins.wanted(chain, NOW)).pinned(),
                List.of(),
                Pins.command("open", "1", "alice", ",\"facts\":{\"eligible\":{"
                        + "\"two-eyes/manager\":{\"count\":1,\"people\":[\"2\"]},"
                        + "\"two-eyes/security\":{\"count\":3,\"people\":[\"3\",\"4\",\"5\"]}}}"),
                NOW);

        assertThat(opened.rejection()).isNull();
        assertThat(opened.status()).isEqualTo(RequestStatus.PENDING);
        assertThat(opened.stage()).isEqualTo("two-eyes/manager");
        assertThat(opened.deadline()).isEqualTo(NOW.plusSeconds(900));
        assertThat(opened.append()).hasSize(1);
    }

    @Test
    void takesOutOfAContextWhatThePolicyDoesNotWantKept() {
        String source = Policies.fromTheReference();
        LoadedPolicy policy = engine.load(source, "production.yaml");

        assertThat(policy.decisionLog().sample()).isEqualTo(0.01);
        assertThat(policy.decisionLog().redact()).containsExactly("user.email", "user.attributes.phone", "request.ip");
        Redacted redacted = engine.redact(policy.hash(), source, Contexts.login("203.0.113.7"));

        assertThat(redacted.redacted()).contains("request.ip").doesNotContain("user.attributes.phone");
        assertThat(redacted.context().at("/request/ip").isNull()).isTrue();
        assertThat(redacted.context().toString()).doesNotContain("203.0.113.7");
    }

    @Test
    void explainsADecisionFromWhatWasKeptOfIt() {
        String source = Policies.fromTheReference();
        LoadedPolicy policy = engine.load(source, "production.yaml");
        Redacted redacted = engine.redact(policy.hash(), source, Contexts.login("203.0.113.7"));
        String kept = "{\"action\":\"login\",\"context\":" + redacted.context() + ",\"redacted\":[\"request.ip\",\"user.email\"],"
                + "\"matched\":[{\"rule\":\"prod-console\",\"effect\":\"require_approval\",\"mode\":\"enforce\"}],\"errors\":[]}";

        Explanation explanation = engine.explain(source, "production.yaml", kept);

        assertThat(explanation.decision().isNull()).isTrue();
        JsonNode rule = explanation.rules().get(0);
        assertThat(rule.path("rule").asText()).isEqualTo("prod-console");
        assertThat(rule.path("outcome").asText()).isEqualTo("matched");
        assertThat(rule.at("/when/of/0/holds").asBoolean()).isTrue();
        assertThat(rule.at("/when/of/1/error").asText()).isEqualTo("what it reads was not kept");
        assertThat(explanation.rules().toString()).doesNotContain("203.0.113.7").doesNotContain("192.0.2.1");
    }

    @Test
    void oneExplanationAtATimeSoThatDecisionsHaveTheOtherInstances() throws Exception {
        String source = Policies.fromTheReference();
        String kept = "{\"action\":\"login\",\"context\":" + Contexts.login("203.0.113.7") + "}";
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> calls = Collections.nCopies(40, () -> {
                try {
                    engine.explain(source, "production.yaml", kept);
                    return "explained";
                } catch (EngineException busy) {
                    return busy.kind().name();
                }
            });
            List<String> answers = new ArrayList<>();
            for (Future<String> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            assertThat(answers).contains("explained", "EXHAUSTED").containsOnly("explained", "EXHAUSTED");
        } finally {
            threads.shutdown();
        }
        assertThat(engine.explain(source, "production.yaml", kept).decision().path("rule").asText()).isEqualTo("prod-console");
    }

    @Test
    void whatIsNoPolicyOrNoContextIsNotExplained() {
        String kept = "{\"action\":\"login\",\"context\":{\"action\":\"login\"}}";

        assertThatThrownBy(() -> engine.explain(Policies.fromTheReference(), "production.yaml", kept))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the context does not fit the schema");
        assertThatThrownBy(() -> engine.explain("name: [", "production.yaml", kept)).isInstanceOf(EngineException.class);
    }

    @Test
    void allowsWhatNoRuleMatches() {
        String source = Policies.fromTheReference();
        LoadedPolicy policy = engine.load(source, "production.yaml");

        Decision decision = engine.decide(policy.hash(), source, Contexts.login("10.1.2.3"));

        assertThat(decision.effect()).isEqualTo(Effect.ALLOW);
        assertThat(decision.rule()).isNull();
        assertThat(decision.obligations()).isEqualTo(Decision.Obligations.NONE);
    }

    @Test
    void loadsAPolicyByItselfWhereAnInstanceHasNotMetIt() {
        String source = Policies.fromTheReference();
        String hash;
        try (WasmEngine other = Engines.fresh()) {
            hash = other.load(source, "production.yaml").hash();
        }

        assertThat(engine.decide(hash, source, Contexts.login("10.1.2.3")).effect()).isEqualTo(Effect.ALLOW);
    }

    @Test
    void reportsWhatIsWrongWithAPolicy() {
        assertThatThrownBy(() -> engine.load("apiVersion: jit-approval.dev/v1\nname: x\nrules:\n  - id: r\n", "x.yaml"))
                .isInstanceOfSatisfying(PolicyInvalidException.class, e -> {
                    assertThat(e.diagnostics()).isNotEmpty();
                    assertThat(e.diagnostics().get(0).line()).isPositive();
                    assertThat(e.diagnostics().get(0).rendered()).contains("x.yaml");
                });
    }

    @Test
    void anErrorOfTheEngineIsNoDecision() {
        String source = Policies.fromTheReference();
        String hash = engine.load(source, "production.yaml").hash();

        assertThatThrownBy(() -> engine.decide(hash, source, "{\"action\":\"login\"}"))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo("invalid_context"));
        assertThatThrownBy(() -> engine.decide(hash, source, "{"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.PROTOCOL));
    }
}
