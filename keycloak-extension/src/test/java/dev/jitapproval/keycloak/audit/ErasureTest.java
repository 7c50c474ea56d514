package dev.jitapproval.keycloak.audit;

import static dev.jitapproval.keycloak.audit.AuditFixture.NOON;
import static dev.jitapproval.keycloak.audit.AuditFixture.REALM;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.audit.jpa.ErasureStore;
import dev.jitapproval.keycloak.engine.Advance;
import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.Proof;
import dev.jitapproval.keycloak.engine.WasmEngine;
import dev.jitapproval.keycloak.gate.ShownFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ErasureTest {

    private static final String FACTS = "{\"v\":1,\"who\":{\"id\":\"id-alice\",\"username\":\"alice\",\"name\":\"Alice Liddell\","
            + "\"email_verified\":true,\"federated\":false},\"what\":{\"action\":\"login\",\"client_id\":\"app\",\"client_name\":\"App\","
            + "\"scopes\":[\"openid\"]},\"where\":{\"ip\":\"203.0.113.7\",\"sso\":false},\"when\":\"2026-11-24T12:00:00.000Z\","
            + "\"why\":{\"policy\":\"production\",\"rule\":\"r\",\"reason\":\"alice wants in\"},\"others\":[]}";

    private final AuditFixture fixture = new AuditFixture();
    private final WasmEngine engine = Engines.fresh();
    private final Erasure erasure = new Erasure(engine, new Erasure.Transactions() {
        @Override
        public <T> T run(Function<ErasureStore, T> work) {
            return fixture.run(entities -> work.apply(new ErasureStore(entities)));
        }
    });

    @AfterEach
    void close() {
        engine.close();
        fixture.close();
    }

    @Test
    void theRequesterIsForgottenWithAllThatWasShown() {
        String head = approvedByBob("r1");

        assertThat(erasure.erase(REALM, "id-alice", Optional.empty())).isEqualTo(new Erasure.Erased(1, 0));

        StoredHistory left = find("r1");
        assertThat(left.toString()).doesNotContain("alice", "Liddell", "203.0.113.7", "disk").contains("bob");
        assertThat(engine.verify(left.pinned(), left.events())).satisfies(proof -> {
            assertThat(proof.head()).isEqualTo(head);
            assertThat(proof.erased()).isEqualTo(new Proof.Erased(true, List.of(1L, 3L)));
        });
        assertThat(ShownFacts.parse(left.facts()).who().username()).isEqualTo(Actor.ERASED);
        assertThat(column("USER_ID || BROWSER_HASH || DIGEST")).isEqualTo("(erased)(erased)(erased)");
        assertThat(column("PROGRESS")).contains("bob");
        assertThat(erasure.erase(REALM, "id-alice", Optional.empty())).isEqualTo(new Erasure.Erased(0, 0));
    }

    @Test
    void whatIsRememberedOfTheirLoginsIsForgotten() {
        fixture.sighting("id-alice", NOON);
        fixture.sighting("id-bob", NOON);
        erasure.erase(REALM, "id-alice", Optional.empty());
        assertThat(fixture.<List<?>>run(entities ->
                        entities.createNativeQuery("select USER_ID from JIT_SIGHTING", String.class).getResultList()))
                .isEqualTo(List.of("id-bob"));
    }

    @Test
    void theApproverIsForgottenInOtherPeoplesRequests() {
        String head = approvedByBob("r1");

        erasure.erase(REALM, "id-bob", Optional.empty());

        StoredHistory left = find("r1");
        assertThat(left.events().get(1)).doesNotContain("bob");
        assertThat(left.toString()).contains("alice");
        assertThat(engine.verify(left.pinned(), left.events()).head()).isEqualTo(head);
        assertThat(column("PROGRESS")).doesNotContain("bob").contains("\"approvals\":1");
        assertThat(fixture.<List<?>>run(entities ->
                        entities.createNativeQuery("select SEQ from JIT_EVENT where ACTOR_ID = 'id-bob'").getResultList()))
                .isEmpty();
    }

    @Test
    void whoIsOnlyNamedInAChainIsFoundByTheirName() {
        approvedByBob("r1");

        assertThat(erasure.erase(REALM, "id-carol", Optional.of(new Person("id-carol", "carol", "id-carol"))))
                .isEqualTo(new Erasure.Erased(1, 0));
        assertThat(find("r1").pinned()).doesNotContain("carol");
    }

    @Test
    void aNameThatIsPartOfAnotherIsNobodys() {
        approvedByBob("r1");

        assertThat(erasure.erase(REALM, "id-car", Optional.of(new Person("id-car", "car", "id_car%"))))
                .isEqualTo(new Erasure.Erased(0, 0));
    }

    @Test
    void whatIsLiveIsNamedAndLeftAlone() {
        approvedByBob("r1");
        fixture.sql("update JIT_REQUEST set STATUS = 'approved'");

        assertThat(erasure.live(REALM, "id-alice")).containsExactly("r1");
        assertThat(erasure.live(REALM, "id-bob")).containsExactly("r1");
        assertThat(erasure.live(REALM, "id-carol")).isEmpty();
        assertThat(erasure.erase(REALM, "id-alice", Optional.empty())).isEqualTo(new Erasure.Erased(0, 0));
        assertThat(find("r1").pinned()).contains("alice");
    }

    @Test
    void keptDecisionsLoseTheirContext() throws IOException {
        fixture.sql("insert into JIT_DECISION (ID, REALM_ID, HAPPENED_AT, ACTION, EFFECT, POLICY_HASH, POLICY_NAME, USER_ID, CLIENT_ID,"
                + " OBSERVED, SAMPLED, SAMPLE_RATE, CONTEXT, REDACTED, DECISION, DIGEST) values ('d1', 'realm-1', 0, 'login', 'deny',"
                + " 'sha256:p', 'production', 'id-alice', 'client-1', false, false, 0, '{\"action\":\"login\",\"client\":{\"id\":\"app\"},"
                + "\"user\":{\"username\":\"alice\"},\"request\":{\"ip\":\"203.0.113.7\"}}', '[\"user.email\"]', '{\"matched\":[]}', 'sha256:d')");

        assertThat(erasure.erase(REALM, "id-alice", Optional.empty())).isEqualTo(new Erasure.Erased(0, 1));

        ObjectMapper json = new ObjectMapper();
        Object[] row = fixture.run(entities -> (Object[]) entities.createQuery(
                        "select d.context, d.redacted, d.userId from JitDecision d")
                .getSingleResult());
        assertThat(json.readTree((String) row[0])).isEqualTo(json.readTree(
                "{\"action\":\"login\",\"client\":{\"id\":\"app\"},\"user\":null,\"request\":null}"));
        assertThat(json.readTree((String) row[1])).isEqualTo(json.readTree("[\"user.email\",\"user\",\"request\"]"));
        assertThat(row[2]).isNull();
    }

    /** A request of alice's that bob approved and she used, with carol among the approvers. */
    private String approvedByBob(String id) {
        String pinned = engine.pin("{\"about\":{\"request\":\"" + id + "\",\"realm\":\"realm-1\",\"action\":\"login\",\"policy\":\"sha256:p\"},"
                        + "\"chain\":{\"use_by\":600,\"stages\":[{\"id\":\"c/s\",\"chain\":\"c\",\"name\":\"s\",\"quorum\":1,\"timeout\":900,"
                        + "\"on_timeout\":\"deny\",\"approvers\":[{\"users\":[\"carol\",\"dave\"]},{\"role\":\"boss\"}],\"notify\":true,"
                        + "\"require\":{}}]},\"requester\":" + person("alice") + ",\"opened_at\":\"2026-11-24T12:00:00.000Z\","
                        + "\"digest\":\"sha256:d\",\"shown\":{\"facts\":" + FACTS + ",\"reason\":\"alice wants in\","
                        + "\"justification\":\"My disk\"},\"salt\":\"" + "0".repeat(32) + "\"}")
                .pinned();
        List<String> events = new ArrayList<>();
        advance(pinned, events, "open", "alice", ",\"comment\":\"My disk\"",
                "\"eligible\":{\"c/s\":{\"count\":1,\"people\":[\"id-bob\"]}}");
        advance(pinned, events, "approve", "bob", ",\"shown\":{\"digest\":\"sha256:d\",\"stage\":\"c/s\"}", "\"matches\":[1]");
        Advance used = advance(pinned, events, "use", "alice", "", "");
        fixture.request(id, used.status().wireName(), NOON, 0);
        fixture.work(entities -> entities.createQuery("update JitRequest r set r.pinned = :pinned, r.facts = :facts, r.reason = 'alice',"
                        + " r.justification = 'My disk', r.seq = 3, r.head = :head, r.progress = '[{\"approvedBy\":[\"bob\"]}]'")
                .setParameter("pinned", pinned)
                .setParameter("facts", FACTS)
                .setParameter("head", used.head())
                .executeUpdate());
        List<String> actors = List.of("id-alice", "id-bob", "id-alice");
        for (int i = 0; i < events.size(); i++) {
            fixture.event(id, i + 1, events.get(i));
            fixture.sql("update JIT_EVENT set ACTOR_ID = '" + actors.get(i) + "' where SEQ = " + (i + 1));
        }
        return used.head();
    }

    private Advance advance(String pinned, List<String> events, String kind, String username, String more, String facts) {
        Advance answer = engine.advance(pinned, events, "{\"kind\":\"" + kind + "\",\"salt\":\"" + "1".repeat(32)
                + "\",\"actor\":" + person(username).replace("{", "{\"kind\":\"user\",") + more + ",\"facts\":{" + facts + "}}", NOON);
        assertThat(answer.rejection()).isNull();
        events.addAll(answer.append());
        return answer;
    }

    private static String person(String username) {
        return "{\"id\":\"id-" + username + "\",\"username\":\"" + username + "\",\"person_key\":\"id-" + username + "\"}";
    }

    private StoredHistory find(String id) {
        return fixture.read(store -> store.find(id)).orElseThrow();
    }

    private String column(String expression) {
        return fixture.run(entities ->
                entities.createNativeQuery("select cast(" + expression + " as varchar(4000)) from JIT_REQUEST", String.class)
                        .getSingleResult().toString());
    }
}
