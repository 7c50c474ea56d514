package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.engine.WasmEngine;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoredPoliciesTest {

    private static final WasmEngine ENGINE = Engines.fresh();
    private static final String REALM = "realm-1";
    private static final Author ADAM = new Author("id-adam", "adam");

    private final HistoryDatabase database = new HistoryDatabase();
    private final PolicyVersions versions = new PolicyVersions(database, ENGINE, Optional.empty(), realm -> {}, Clock.systemUTC());
    private final StoredPolicies policies =
            new StoredPolicies(database, new KnownPolicies(ENGINE, (session, hash) -> Optional.empty()), Clock.systemUTC());

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @Test
    void hasNoPolicyBeforeOneIsActivated() {
        put("a");
        policies.refresh();

        assertThat(policies.active(REALM)).isEmpty();
        assertThat(policies.status(REALM).lastError()).isEmpty();
        assertThat(policies.isUnknown(REALM)).as("nobody has activated one").isFalse();
    }

    @Test
    void followsActivationsAndRollbacks() {
        put("a");
        put("b");
        activate(1);
        policies.refresh();
        assertThat(name()).isEqualTo("a");

        activate(2);
        assertThat(name()).as("not before it has looked").isEqualTo("a");
        policies.refresh();
        assertThat(name()).isEqualTo("b");
        assertThat(policies.status(REALM).version()).contains(2L);

        versions.rollback(REALM, ADAM, null, active -> {});
        policies.refresh();
        assertThat(name()).isEqualTo("a");
    }

    @Test
    void aVersionThatThisNodeCannotLoadNeverReplacesTheActiveOne() {
        put("a");
        activate(1);
        policies.refresh();
        activateUnloadable(2);
        policies.refresh();

        assertThat(name()).isEqualTo("a");
        PolicyStatus status = policies.status(REALM);
        assertThat(status.version()).contains(1L);
        assertThat(status.lastError().orElseThrow()).contains("Version 2").contains("`roles`");

        versions.rollback(REALM, ADAM, null, active -> {});
        policies.refresh();
        assertThat(policies.status(REALM).lastError()).isEmpty();
    }

    @Test
    void aFreshNodeWithAVersionThatItCannotLoadHasNoPolicy() {
        put("a");
        activateUnloadable(2);
        policies.refresh();

        assertThat(policies.active(REALM)).isEmpty();
        assertThat(policies.isUnknown(REALM)).isTrue();
        assertThat(policies.status(REALM).lastError()).isPresent();
    }

    @Test
    void keepsWhatIsActiveWhileTheDatabaseIsAway() {
        put("a");
        activate(1);
        policies.refresh();
        database.away(true);
        policies.refresh();

        assertThat(name()).isEqualTo("a");
        assertThat(policies.isUnknown(REALM)).as("it goes on by the policy that it has").isFalse();
        assertThat(policies.isUnknown("realm-without")).as("there was none when they were read").isFalse();
        assertThat(policies.status(REALM).lastError().orElseThrow()).contains("away");

        database.away(false);
        policies.refresh();
        assertThat(policies.status(REALM).lastError()).isEmpty();
    }

    @Test
    void hasNoPolicyWhereTheDatabaseWasNeverRead() {
        put("a");
        activate(1);
        assertThat(policies.isUnknown("realm-without")).as("nobody can know").isTrue();
        assertThat(policies.status(REALM).lastError()).isPresent();
        database.away(true);
        policies.refresh();
        assertThat(policies.active(REALM)).isEmpty();

        database.away(false);
        policies.refresh();
        assertThat(name()).isEqualTo("a");
    }

    @Test
    void aRealmWhoseRowsAreNoGoodKeepsNoOtherFromBeingFollowed() {
        // Whatever the order, one that is no good comes before one that is good.
        for (String good : List.of(REALM, "realm-3")) {
            versions.put(good, Sources.named("a"), ADAM, null);
            versions.activate(good, 1, ADAM, null, active -> {});
        }
        database.unreadable("realm-0");
        database.unreadable("realm-2");
        policies.refresh();

        assertThat(policies.active(REALM)).get().extracting(Policy::name).isEqualTo("a");
        assertThat(policies.active("realm-3")).get().extracting(Policy::name).isEqualTo("a");
        assertThat(policies.active("realm-0")).isEmpty();
        assertThat(policies.status("realm-0").lastError().orElseThrow()).contains("cannot be read");
    }

    @Test
    void forgetsARealmThatIsRemoved() {
        put("a");
        activate(1);
        policies.refresh();
        database.removeRealm(REALM);
        policies.refresh();

        assertThat(policies.active(REALM)).isEmpty();
    }

    private void put(String name) {
        versions.put(REALM, Sources.named(name), ADAM, null);
    }

    private void activate(long number) {
        versions.activate(REALM, number, ADAM, null, active -> {});
    }

    /** As a newer node would have, whose engine knows more than this one's. */
    private void activateUnloadable(long number) {
        database.run(history -> {
            String hash = "sha256:" + "e".repeat(64);
            history.append(REALM, new PolicyVersion(number, hash, "broken", PolicyMode.ENFORCE, ADAM, Instant.EPOCH, null), Sources.BROKEN);
            long seq = history.active(REALM).map(active -> active.activation().seq()).orElse(0L) + 1;
            history.append(REALM, new Activation(seq, number, Activation.Kind.ACTIVATE, ADAM, Instant.EPOCH, null));
            return null;
        });
    }

    private String name() {
        return policies.active(REALM).orElseThrow().name();
    }
}
