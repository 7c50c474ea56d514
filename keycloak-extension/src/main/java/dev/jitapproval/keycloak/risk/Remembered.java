package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.risk.jpa.SightingStore;
import dev.jitapproval.keycloak.risk.jpa.SightingStore.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** What a user confirmed, beside the memory of their logins: it goes with it. */
public final class Remembered {

    private static final String CONFIRMED = "confirmed";

    private final KeycloakSession session;
    private final RealmModel realm;

    public Remembered(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** @param mark of what was confirmed */
    public Optional<Instant> confirmedAt(String userId, String mark) {
        return new SightingStore(session.getProvider(JpaConnectionProvider.class).getEntityManager())
                .find(realm.getId(), userId, List.of(mark), Instant.EPOCH).stream()
                .filter(row -> CONFIRMED.equals(row.kind()))
                .map(Sighting::lastSeen)
                .findFirst();
    }

    /** Takes down, once the transaction is committed, that a user has confirmed something. */
    public void confirmed(String userId, String mark, Instant now) {
        new RiskMemory(session, realm).noteAfterCommit(userId, List.of(new Sighting(CONFIRMED, mark, null, now)));
    }
}
