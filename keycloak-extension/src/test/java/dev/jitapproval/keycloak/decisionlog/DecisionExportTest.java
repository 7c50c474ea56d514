package dev.jitapproval.keycloak.decisionlog;

import static dev.jitapproval.keycloak.decisionlog.LogFixture.NOON;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.POLICY;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.REALM;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.decided;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore.Filter;
import dev.jitapproval.keycloak.engine.Decision.Match;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.PolicyMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionExportTest {

    private static final Filter ALL = new Filter(REALM, null, null, null, null);

    private final LogFixture fixture = new LogFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aLineHasAllThatDecidingAgainTakes() throws IOException {
        new DatabaseDecisionLog((hash, source, context) -> null, 0, fixture, Runnable::run, () -> 0.0)
                .add(decided(Effect.REQUIRE_APPROVAL, true, "request-1", "d1",
                        new Match("rule-1", Effect.REQUIRE_APPROVAL, PolicyMode.ENFORCE)));

        String id = fixture.all().get(0).id();
        assertThat(export(ALL)).isEqualTo("{\"v\":1,\"id\":\"" + id + "\",\"at\":\"2026-11-24T12:00:00.000Z\",\"realm\":\"acme\","
                + "\"action\":\"login\",\"policy\":\"production\",\"hash\":\"" + POLICY.hash() + "\","
                + "\"effect\":\"require_approval\",\"rule\":\"rule-1\","
                + "\"matched\":[{\"rule\":\"rule-1\",\"effect\":\"require_approval\",\"mode\":\"enforce\"}],"
                + "\"obligations\":{\"approval\":{\"stages\":[],\"use_by\":600}},"
                + "\"errors\":[{\"rule\":\"rule-2\",\"part\":\"when\",\"outcome\":\"skip\"}],"
                + "\"digest\":\"sha256:d1\",\"request\":\"request-1\",\"mode\":\"enforce\",\"sampled\":false,\"rate\":1.0,"
                + "\"context\":{\"action\":\"login\",\"user\":{\"id\":\"id-alice\"}},\"redacted\":[]}\n");
    }

    @Test
    void everyDecisionComesOnceHoweverManyThereAre() throws IOException {
        Set<String> kept = new HashSet<>();
        fixture.run(work -> {
            work.requests().keepPolicy(POLICY, NOON);
            for (int i = 0; i < 450; i++) {
                // Many at the same instant, so that pages end between equals.
                String id = UUID.randomUUID().toString();
                kept.add(id);
                work.decisions().insert(decision(id, REALM, NOON.plusMillis(i / 300), "deny"));
            }
            work.decisions().insert(decision(UUID.randomUUID().toString(), "another-realm", NOON, "deny"));
            return null;
        });

        List<String> ids = export(ALL).lines().map(DecisionExportTest::id).toList();
        assertThat(ids).hasSize(450).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void filtersByTimeEffectAndPolicy() throws IOException {
        fixture.run(work -> {
            work.requests().keepPolicy(POLICY, NOON);
            work.decisions().insert(decision("a", REALM, NOON, "deny"));
            work.decisions().insert(decision("b", REALM, NOON.plusSeconds(60), "confirm"));
            return null;
        });
        assertThat(ids(new Filter(REALM, NOON.plusSeconds(1), null, null, null))).containsExactly("b");
        assertThat(ids(new Filter(REALM, NOON, NOON.plusSeconds(60), null, null))).containsExactly("a");
        assertThat(ids(new Filter(REALM, null, null, "confirm", null))).containsExactly("b");
        assertThat(ids(new Filter(REALM, null, null, null, "production"))).containsExactly("a", "b");
        assertThat(ids(new Filter(REALM, null, null, null, POLICY.hash()))).containsExactly("a", "b");
        assertThat(ids(new Filter(REALM, null, null, null, "other"))).isEmpty();
    }

    @Test
    void whatIsOldIsForgottenInSmallBatches() {
        fixture.run(work -> {
            work.requests().keepPolicy(POLICY, NOON);
            for (String id : List.of("a", "b", "c")) {
                work.decisions().insert(decision(id, REALM, NOON, "deny"));
            }
            work.decisions().insert(decision("d", REALM, NOON.plusSeconds(1), "deny"));
            return null;
        });
        assertThat(fixture.<Integer>run(work -> work.decisions().removeBefore(NOON.plusSeconds(1), 2))).isEqualTo(2);
        assertThat(fixture.<Integer>run(work -> work.decisions().removeBefore(NOON.plusSeconds(1), 2))).isEqualTo(1);
        assertThat(fixture.all()).extracting(LoggedDecision::id).containsExactly("d");
    }

    private static LoggedDecision decision(String id, String realm, Instant at, String effect) {
        return new LoggedDecision(id, realm, at, "login", effect, POLICY.hash(), POLICY.name(), null, "id-alice", "client-1", null,
                false, false, 0, "{}", "[]", "{\"matched\":[]}", "sha256:d");
    }

    private List<String> ids(Filter filter) throws IOException {
        return export(filter).lines().map(DecisionExportTest::id).toList();
    }

    private String export(Filter filter) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DecisionExport(fixture).write(filter, "acme", out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String id(String line) {
        try {
            JsonNode read = new ObjectMapper().readTree(line);
            return read.required("id").textValue();
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
