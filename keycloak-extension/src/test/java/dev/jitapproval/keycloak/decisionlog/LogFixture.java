package dev.jitapproval.keycloak.decisionlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.LoadedPolicy;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.policy.Policy;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The decision log's table on a real H2 database. */
final class LogFixture implements LogTransactions, AutoCloseable {

    static final String REALM = "realm-1";
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final Policy POLICY =
            new Policy("sha256:" + "0".repeat(64), "production", PolicyMode.ENFORCE, List.of("login"), "name: production");

    private final EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    @Override
    public <T> T run(Function<Work, T> work) {
        return JitTables.transact(factory, entities -> work.apply(new Work(new DecisionStore(entities), new RequestStore(entities))));
    }

    List<LoggedDecision> all() {
        return run(work -> work.decisions().page(new DecisionStore.Filter(REALM, null, null, null, null), null, 1_000));
    }

    static Decided decided(Effect effect, boolean stopped, String requestId, String digest, Decision.Match... matched) {
        return decided(POLICY, effect, stopped, requestId, digest, matched);
    }

    static Policy policy(Double sample, String... redact) {
        return new Policy(
                POLICY.hash(), POLICY.name(), POLICY.mode(), POLICY.actions(), POLICY.reads(), POLICY.source(),
                new LoadedPolicy.DecisionLog(sample, List.of(redact)));
    }

    static Decided decided(
            Policy policy, Effect effect, boolean stopped, String requestId, String digest, Decision.Match... matched) {
        Chain chain = effect == Effect.REQUIRE_APPROVAL ? chain() : null;
        Decision decision = new Decision(
                new Decision.PolicyRef(POLICY.name(), POLICY.hash()),
                effect,
                new Decision.Obligations(effect == Effect.STEP_UP ? "2" : null, effect == Effect.CONFIRM, null, chain, null),
                "rule-1",
                List.of(matched),
                "because of alice",
                List.of(new Decision.EvaluationError("rule-2", "when", "alice is no number", "skip")),
                digest == null ? null : "sha256:" + digest);
        return new Decided(
                REALM, "acme", "id-alice", "client-1", "login", NOON, policy, decision,
                "{\"action\":\"login\",\"user\":{\"id\":\"id-alice\"}}", stopped, requestId);
    }

    private static Chain chain() {
        try {
            return Chain.of(new ObjectMapper().readTree("{\"stages\":[],\"use_by\":600}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
