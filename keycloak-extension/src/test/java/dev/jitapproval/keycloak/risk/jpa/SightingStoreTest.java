package dev.jitapproval.keycloak.risk.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.risk.jpa.SightingStore.Sighting;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SightingStoreTest {

    private static final Instant T = Instant.parse("2026-11-24T14:32:38Z");

    private final EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    @AfterEach
    void close() {
        factory.close();
    }

    private <R> R transact(Function<SightingStore, R> work) {
        return JitTables.transact(factory, entities -> work.apply(new SightingStore(entities)));
    }

    private void note(String user, String kind, String mark, Instant at, int most) {
        transact(store -> {
            store.note("r", user, new Sighting(kind, mark, "detail of " + at.getEpochSecond(), at), most);
            return null;
        });
    }

    private List<Sighting> rows(String realm, String user, Instant since, String... marks) {
        return transact(store -> store.find(realm, user, List.of(marks), since));
    }

    private List<String> found(String user, String... marks) {
        return rows("r", user, Instant.EPOCH, marks).stream().map(Sighting::mark).sorted().toList();
    }

    @Test
    void whatWasNotedIsFoundOfThisUserOnly() {
        note("alice", "ip", "a", T, 5);
        assertThat(found("alice", "a", "b")).containsExactly("a");
        assertThat(found("bob", "a")).isEmpty();
        assertThat(rows("another", "alice", Instant.EPOCH, "a")).isEmpty();
    }

    @Test
    void whatIsSeenAgainIsOneRowThatWasSeenLater() {
        note("alice", "ip", "a", T, 5);
        note("alice", "ip", "a", T.plusSeconds(9), 5);
        note("alice", "ip", "a", T.plusSeconds(5), 5);
        assertThat(rows("r", "alice", Instant.EPOCH, "a"))
                .singleElement()
                .satisfies(row -> assertThat(row.lastSeen()).isEqualTo(T.plusSeconds(9)));
    }

    @Test
    void onlySoManyOfAKindAreKeptTheLatest() {
        for (int i = 0; i < 5; i++) {
            note("alice", "ip", "m" + i, T.plusSeconds(i), 3);
        }
        note("alice", "device", "d", T, 3);
        note("bob", "ip", "m0", T, 3);
        assertThat(found("alice", "m0", "m1", "m2", "m3", "m4", "d")).containsExactly("d", "m2", "m3", "m4");
        assertThat(found("bob", "m0")).containsExactly("m0");
    }

    @Test
    void whatIsOlderThanItIsKeptIsNotFoundThoughItsRowIsThere() {
        note("alice", "ip", "a", T, 5);
        assertThat(rows("r", "alice", T.plusSeconds(1), "a")).isEmpty();
    }

    @Test
    void aUserAndWhatIsOldAreForgotten() {
        note("alice", "ip", "a", T, 5);
        note("alice", "ip", "b", T.plusSeconds(60), 5);
        note("bob", "ip", "a", T.plusSeconds(60), 5);
        assertThat((int) transact(store -> store.removeBefore(T.plusSeconds(30), 10))).isEqualTo(1);
        assertThat(found("alice", "a", "b")).containsExactly("b");
        assertThat((int) transact(store -> store.removeUser("r", "alice"))).isEqualTo(1);
        assertThat(found("alice", "a", "b")).isEmpty();
        assertThat(found("bob", "a")).containsExactly("a");
    }
}
