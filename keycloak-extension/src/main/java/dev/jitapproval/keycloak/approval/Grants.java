package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.jpa.GrantStore;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;

/**
 * Reads grants, in the caller's transaction. They come into being when an approval is used, and are taken back like an approval: by
 * {@link ApprovalService#execute} with {@link Command#revoke}.
 */
public final class Grants {

    /** More than a person has at a time; who has more is asked for approval again. */
    private static final int MOST_OF_A_PERSON = 200;

    private final GrantStore store;

    private Grants(GrantStore store) {
        this.store = store;
    }

    /** As this session sees them. */
    public static Grants of(KeycloakSession session) {
        EntityManager entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        return new Grants(new GrantStore(entities));
    }

    /** The grant of a request, good or not. */
    public Optional<Grant> find(String realmId, String requestId) {
        return store.find(realmId, requestId);
    }

    /** A user's grants that are good now, the latest first. */
    public List<Grant> live(String realmId, String userId) {
        return store.list(realmId, GrantQuery.liveOf(userId, KeycloakClock.now()), MOST_OF_A_PERSON);
    }

    /** Grants of a realm, the latest first. */
    public List<Grant> list(String realmId, GrantQuery wanted, int max) {
        return store.list(realmId, wanted, max);
    }
}
