package dev.jitapproval.keycloak.audit;

import static dev.jitapproval.keycloak.audit.AuditFixture.NOON;
import static dev.jitapproval.keycloak.audit.AuditFixture.REALM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.RecordKeeping;
import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.OutboxRow;
import dev.jitapproval.keycloak.outbox.OutboxState;
import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant LONG_AGO = NOON.minus(Duration.ofDays(31));

    private final AuditFixture fixture = new AuditFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void removesRequestsThatEndedLongAgoWithTheirEvents() {
        fixture.request("old", "used", LONG_AGO, 3);
        fixture.request("new", "denied", NOON, 1);
        fixture.request("live", "pending", LONG_AGO, 1);
        fixture.request("approved", "approved", LONG_AGO, 1);

        run(Duration.ofDays(30));

        assertThat(fixture.<List<Head>>run(entities -> new CheckpointStore(entities).heads(REALM)))
                .extracting(Head::request).containsExactly("approved", "live", "new");
        assertThat(fixture.count("JIT_EVENT")).isEqualTo(3);
        assertThat(fixture.<List<Head>>run(entities -> new CheckpointStore(entities).removed(REALM)))
                .containsExactly(new Head("old", 3, "sha256:old-3"));
        assertThat(fixture.count("JIT_POLICY")).isEqualTo(1);
    }

    @Test
    void aGrantKeepsItsRequestUntilItHasEndedLongAgo() {
        fixture.request("good", "used", LONG_AGO, 3);
        fixture.request("over", "used", LONG_AGO, 3);
        fixture.grant("good", NOON.plus(Duration.ofDays(30)));
        fixture.grant("over", LONG_AGO);

        run(Duration.ofDays(30));

        assertThat(fixture.<List<Head>>run(entities -> new CheckpointStore(entities).heads(REALM)))
                .extracting(Head::request).containsExactly("good");
        assertThat(fixture.count("JIT_GRANT")).isEqualTo(1);
    }

    @Test
    void whatWasToBeSaidAboutARemovedRequestGoesAlong() {
        fixture.request("old", "used", LONG_AGO, 1);
        fixture.request("new", "used", NOON, 1);
        fixture.work(entities -> {
            OutboxStore outbox = new OutboxStore(entities);
            outbox.insert(new OutboxMessage("old/1/outcome", REALM, "mail", "old", "{}"), LONG_AGO);
            outbox.insert(new OutboxMessage("new/1/outcome", REALM, "mail", "new", "{}"), NOON);
            outbox.insert(new OutboxMessage("checkpoint/1", REALM, "checkpoint", null, "{}"), LONG_AGO);
        });
        run(Duration.ofDays(30));
        assertThat(fixture.<List<OutboxRow>>run(entities ->
                        new OutboxStore(entities).list(REALM, OutboxState.PENDING, null, null, 10)))
                .extracting(row -> row.message().key()).containsExactlyInAnyOrder("new/1/outcome", "checkpoint/1");
    }

    @Test
    void removesMoreThanABatch() {
        for (int i = 0; i < 201; i++) {
            fixture.request("r" + i, "used", LONG_AGO, 1);
        }
        run(Duration.ofDays(30));
        assertThat(fixture.count("JIT_REQUEST")).isZero();
        assertThat(fixture.count("JIT_REMOVED")).isEqualTo(201);
    }

    @Test
    void keepsEverythingForEverWhereThatIsTheSetting() {
        fixture.request("old", "used", Instant.EPOCH, 1);
        run(null);
        assertThat(fixture.count("JIT_REQUEST")).isEqualTo(1);
    }

    @Test
    void keepsEachRealmsLastCheckpoint() {
        fixture.work(entities -> {
            CheckpointStore store = new CheckpointStore(entities);
            store.insert(new Checkpoint(REALM, 1, LONG_AGO, 0, "sha256:1", "1"));
            store.insert(new Checkpoint(REALM, 2, LONG_AGO, 0, "sha256:2", "2"));
            store.insert(new Checkpoint("another", 1, LONG_AGO, 0, "sha256:1", "1"));
        });
        run(Duration.ofDays(30));
        assertThat(fixture.<Optional<Checkpoint>>run(entities -> new CheckpointStore(entities).find(REALM, 1))).isEmpty();
        assertThat(fixture.<Optional<Checkpoint>>run(entities -> new CheckpointStore(entities).find(REALM, 2))).isPresent();
        assertThat(fixture.<Optional<Checkpoint>>run(entities -> new CheckpointStore(entities).find("another", 1))).isPresent();
    }

    @Test
    void whatWasNotSeenForLongIsForgotten() {
        fixture.sighting("id-alice", NOON.minus(Duration.ofDays(181)));
        fixture.sighting("id-bob", NOON.minus(Duration.ofDays(179)));
        run(null);
        assertThat(fixture.count("JIT_SIGHTING")).isEqualTo(1);
    }

    private void run(Duration requests) {
        RecordKeeping settings = new RecordKeeping(
                0, Optional.ofNullable(requests), Optional.empty(), Duration.ofDays(180), Duration.ofHours(1), Optional.empty());
        new Retention(settings, fixture, Clock.fixed(NOON, ZoneOffset.UTC)).run();
    }
}
