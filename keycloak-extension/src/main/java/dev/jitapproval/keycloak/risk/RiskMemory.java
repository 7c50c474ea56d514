package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.risk.Attempt.Memory;
import dev.jitapproval.keycloak.risk.jpa.SightingStore;
import dev.jitapproval.keycloak.risk.jpa.SightingStore.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** The memory of logins in Keycloak's database. */
final class RiskMemory {

    /** The fields of the context that are answered by it; a realm whose policy reads none of them remembers nobody. */
    static final Set<String> FIELDS = Set.of(
            "risk.known_device", "risk.user_agent_changed", "risk.known_ip", "risk.known_prefix", "risk.new_client", "risk.last_login_at",
            "risk.impossible_travel", "risk.password_reset_at");

    private static final Logger LOG = Logger.getLogger(RiskMemory.class);

    private final KeycloakSession session;
    private final RealmModel realm;

    RiskMemory(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    Memory of(Seen seen, Instant now, Duration kept) {
        SightingStore store = new SightingStore(session.getProvider(JpaConnectionProvider.class).getEntityManager());
        return seen.remembered(store.find(realm.getId(), seen.userId(), seen.lookedFor(), now.minus(kept)));
    }

    /**
     * Notes what was seen, once the transaction is committed that makes it true, and in one of its own: a memory that cannot be written
     * must not undo a login, nor may a login that is undone be remembered.
     */
    void noteAfterCommit(String userId, List<Sighting> sightings) {
        KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
        String realmId = realm.getId();
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                try {
                    note(factory, realmId, userId, sightings);
                } catch (RuntimeException first) {
                    again(factory, realmId, userId, sightings);
                }
            }

            @Override
            protected void rollbackImpl() {
                // Nothing has happened that could be remembered.
            }
        });
    }

    /** Two logins of one user at the same moment may both add the same row; the second time it is there. */
    private static void again(KeycloakSessionFactory factory, String realmId, String userId, List<Sighting> sightings) {
        try {
            note(factory, realmId, userId, sightings);
        } catch (RuntimeException e) {
            LOG.warnf(e, "A login of user %s could not be remembered: the next one will look new", userId);
        }
    }

    private static void note(KeycloakSessionFactory factory, String realmId, String userId, List<Sighting> sightings) {
        KeycloakModelUtils.runJobInTransaction(factory, own -> {
            SightingStore store = new SightingStore(own.getProvider(JpaConnectionProvider.class).getEntityManager());
            sightings.forEach(sighting -> store.note(realmId, userId, sighting, Seen.most(sighting.kind())));
        });
    }
}
