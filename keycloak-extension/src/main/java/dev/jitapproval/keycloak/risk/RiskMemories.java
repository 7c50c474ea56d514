package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.risk.jpa.SightingStore;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;

/** The end of what is remembered of somebody's logins. */
public final class RiskMemories {

    private RiskMemories() {}

    /** Forgets a user, in the transaction that removes them. */
    public static void forget(KeycloakSession session, String realmId, String userId) {
        new SightingStore(session.getProvider(JpaConnectionProvider.class).getEntityManager()).removeUser(realmId, userId);
    }
}
