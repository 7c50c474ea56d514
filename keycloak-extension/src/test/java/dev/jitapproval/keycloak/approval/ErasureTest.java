package dev.jitapproval.keycloak.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.engine.Advance;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.Proof;
import dev.jitapproval.keycloak.engine.Remains;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Selector;
import dev.jitapproval.keycloak.engine.WasmEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is erased can be read no more, and is as proven as before. */
class ErasureTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final String WANTED =
            """
            { "about": { "request": "8a1e", "realm": "demo", "action": "login", "policy": "sha256:1" },
              "chain": { "use_by": 600, "stages": [ { "id": "c/s", "chain": "c", "name": "s", "quorum": 1, "timeout": 900, "on_timeout": "deny",
                "approvers": [ { "role": "boss" }, { "user": "bob" }, { "users": [ "carol", "dave" ] } ], "notify": true, "require": {} } ] },
              "requester": { "id": "1", "username": "alice", "person_key": "alice-key" }, "opened_at": "2026-11-24T09:00:00.000Z",
              "digest": "sha256:2", "shown": { "facts": { "ip": "203.0.113.7" }, "justification": "I fix the disk" },
              "salt": "000102030405060708090a0b0c0d0e0f" }
            """;
    private static final String OPEN =
            """
            { "kind": "open", "salt": "101112131415161718191a1b1c1d1e1f", "comment": "I fix the disk",
              "actor": { "kind": "user", "id": "1", "username": "alice", "person_key": "alice-key" },
              "facts": { "eligible": { "c/s": { "count": 1, "people": [ "bob-key" ] } } } }
            """;
    private static final String DENY =
            """
            { "kind": "deny", "salt": "202122232425262728292a2b2c2d2e2f", "comment": "Not today",
              "actor": { "kind": "user", "id": "2", "username": "bob", "person_key": "bob-key" },
              "shown": { "digest": "sha256:2", "stage": "c/s" }, "facts": { "matches": [ 1 ] } }
            """;

    private static WasmEngine engine;

    @BeforeAll
    static void start() {
        engine = new WasmEngine(1, Duration.ofSeconds(5));
        engine.warmUp();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void whatWasErasedIsGoneAndTheRestStaysProven() {
        String pinned = engine.pin(WANTED).pinned();
        Advance opened = engine.advance(pinned, List.of(), OPEN, NOW);
        Advance denied = engine.advance(pinned, opened.append(), DENY, NOW.plusSeconds(60));
        List<String> events = List.of(opened.append().get(0), denied.append().get(0));

        PinnedDocument before = PinnedDocument.of(pinned);
        assertThat(before.requester()).isEqualTo(new Requester("1", "alice", "alice-key"));
        assertThat(before.chain().stages().get(0).approvers())
                .containsExactly(
                        new Selector.Role("boss"),
                        new Selector.User("bob"),
                        new Selector.Users(List.of("carol", "dave")));
        ApprovalEvent vote = Documents.event(events.get(1));
        assertThat(vote.actor()).isEqualTo(Actor.user("2", "bob", "bob-key"));
        assertThat(vote.comment()).isEqualTo("Not today");

        Remains left = engine.erase(pinned, events, null);

        assertThat(left.erased()).isEqualTo(new Proof.Erased(true, List.of(1L, 2L)));
        assertThat(left.pinned() + left.events()).doesNotContain("alice", "bob", "carol", "disk", "today", "0001020304");
        assertThat(engine.verify(left.pinned(), left.events()))
                .isEqualTo(new Proof(2, denied.head(), RequestStatus.DENIED, left.erased()));
        PinnedDocument after = PinnedDocument.of(left.pinned());
        assertThat(after.requester()).isEqualTo(Requester.ERASED);
        assertThat(after.chain().stages().get(0).approvers())
                .containsExactly(new Selector.Role("boss"), new Selector.Named(0), new Selector.Named(1));
        ApprovalEvent erased = Documents.event(left.events().get(1));
        assertThat(erased.actor()).isEqualTo(Actor.erased(Actor.Kind.USER));
        assertThat(erased.comment()).isNull();
    }

    @Test
    void onePersonsPartsGoAlone() {
        String pinned = engine.pin(WANTED).pinned();
        Advance opened = engine.advance(pinned, List.of(), OPEN, NOW);
        Advance denied = engine.advance(pinned, opened.append(), DENY, NOW.plusSeconds(60));
        List<String> events = List.of(opened.append().get(0), denied.append().get(0));

        Remains left = engine.erase(pinned, events, "{\"id\":\"2\",\"username\":\"another-name\",\"person_key\":\"bob-key\"}");

        assertThat(left.erased()).isEqualTo(new Proof.Erased(false, List.of(2L)));
        assertThat(left.events().get(0)).isEqualTo(events.get(0));
    }

    @Test
    void aLiveRequestIsNotErased() {
        String pinned = engine.pin(WANTED).pinned();
        Advance opened = engine.advance(pinned, List.of(), OPEN, NOW);

        assertThatThrownBy(() -> engine.erase(pinned, opened.append(), null))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo("not_ended"));
    }

    @Test
    void anEditedCommentIsFound() {
        String pinned = engine.pin(WANTED).pinned();
        String event = engine.advance(pinned, List.of(), OPEN, NOW).append().get(0);

        assertThatThrownBy(() -> engine.verify(pinned, List.of(event.replace("fix", "mix"))))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo("broken_history"));
    }
}
