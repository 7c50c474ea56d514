package dev.jitapproval.keycloak.audit;

import static dev.jitapproval.keycloak.audit.AuditFixture.NOON;
import static dev.jitapproval.keycloak.audit.AuditFixture.REALM;
import static dev.jitapproval.keycloak.audit.AuditFixture.heads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.audit.jpa.RetentionStore;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private final AuditFixture fixture = new AuditFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void listsTheHeadsOfAllRequestsInCanonicalForm() {
        fixture.request("r2", "used", NOON, 3);
        fixture.request("r1", "pending", NOON, 1);

        Checkpoint made = make(false).orElseThrow();
        assertThat(text(made)).isEqualTo("{\"at\":\"2026-11-24T12:00:00.000Z\",\"heads\":["
                + "{\"head\":\"sha256:r1-1\",\"request\":\"r1\",\"seq\":1},{\"head\":\"sha256:r2-3\",\"request\":\"r2\",\"seq\":3}],"
                + "\"previous\":null,\"realm\":\"acme\",\"realm_id\":\"realm-1\",\"removed\":[],\"seq\":1,\"v\":1}");
        assertThat(made.seq()).isEqualTo(1);
        assertThat(made.requests()).isEqualTo(2);
        assertThat(last()).contains(made);
    }

    @Test
    void isMadeWhereSomethingHasChangedOrWhereItIsAskedFor() {
        assertThat(make(false)).isEmpty();
        fixture.request("r1", "pending", NOON, 1);
        Checkpoint first = make(false).orElseThrow();
        assertThat(make(false)).isEmpty();
        Checkpoint second = make(true).orElseThrow();
        fixture.request("r2", "pending", NOON, 1);
        Checkpoint third = make(false).orElseThrow();

        assertThat(List.of(first.seq(), second.seq(), third.seq())).containsExactly(1L, 2L, 3L);
        assertThat(CheckpointPayload.of(second.jws()).previous()).isEqualTo(first.hash());
        assertThat(CheckpointPayload.of(third.jws()).previous()).isEqualTo(second.hash());
        assertThat(first.hash()).isEqualTo(CheckpointPayload.hash(first.jws()));
    }

    @Test
    void saysOnceWhatRetentionRemoved() {
        fixture.request("r1", "used", NOON.minusSeconds(1), 1);
        fixture.request("r2", "used", NOON, 1);
        make(false);
        fixture.work(entities -> new RetentionStore(entities).removeRequestsBefore(NOON, 10));

        CheckpointPayload after = CheckpointPayload.of(make(false).orElseThrow().jws());
        assertThat(after.removed()).isEqualTo(heads("r1"));
        assertThat(after.heads()).isEqualTo(heads("r2"));
        assertThat(CheckpointPayload.of(make(true).orElseThrow().jws()).removed()).isEmpty();
    }

    @Test
    void twoAtOnceCollide() {
        fixture.request("r1", "used", NOON, 1);
        assertThatThrownBy(() -> fixture.work(outer -> {
                    Checkpoints checkpoints = checkpoints(outer);
                    make(true);
                    // It read the last number before the other one was stored.
                    new CheckpointStore(outer).insert(new Checkpoint(REALM, 1, NOON, 0, "sha256:x", "x"));
                    checkpoints.make(REALM, "acme", NOON, true);
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(fixture.count("JIT_CHECKPOINT")).isEqualTo(1);
    }

    @Test
    void findsWhatTheApprovalServiceDidNotDo() {
        CheckpointPayload before = payload(List.of(
                new Head("cut", 3, "sha256:c3"),
                new Head("edited", 2, "sha256:e2"),
                new Head("gone", 1, "sha256:g1"),
                new Head("grown", 1, "sha256:h1"),
                new Head("old", 1, "sha256:o1"),
                new Head("same", 1, "sha256:s1")), List.of());
        CheckpointPayload now = payload(List.of(
                new Head("cut", 2, "sha256:c2"),
                new Head("edited", 2, "sha256:x2"),
                new Head("grown", 2, "sha256:h2"),
                new Head("same", 1, "sha256:s1")), List.of(new Head("old", 1, "sha256:o1")));

        assertThat(Discrepancies.between(before, now)).containsExactly(
                "request cut had 3 events and has 2",
                "request edited has another event 2 than it had",
                "request gone is gone, and retention did not remove it");
        assertThat(Discrepancies.between(now, now)).isEmpty();
    }

    private static CheckpointPayload payload(List<Head> heads, List<Head> removed) {
        return new CheckpointPayload(REALM, "acme", 1, NOON, null, heads, removed);
    }

    private Optional<Checkpoint> make(boolean always) {
        return fixture.run(entities -> checkpoints(entities).make(REALM, "acme", NOON, always));
    }

    private static Checkpoints checkpoints(jakarta.persistence.EntityManager entities) {
        return new Checkpoints(new CheckpointStore(entities), payload ->
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload) + ".c2ln");
    }

    private Optional<Checkpoint> last() {
        return fixture.run(entities -> new CheckpointStore(entities).last(REALM));
    }

    private static String text(Checkpoint checkpoint) {
        return new String(Base64.getUrlDecoder().decode(checkpoint.jws().split("\\.")[1]), StandardCharsets.UTF_8);
    }
}
