package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.engine.Engine;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes the approval service of a session; and what the server does with requests without anybody asking. */
public final class ApprovalServices {

    private final Engine engine;
    private final KeycloakSessionFactory factory;

    public ApprovalServices(Engine engine, KeycloakSessionFactory factory) {
        this.engine = engine;
        this.factory = factory;
    }

    /** The service whose reads run in this session's transaction. */
    public ApprovalService of(KeycloakSession session) {
        return new Approvals(
                engine,
                new KeycloakTransactions(factory),
                () -> KeycloakTransactions.store(session),
                new Listeners(factory),
                KeycloakClock.UTC);
    }

    /** The source of a policy that some request was opened under. */
    public static Optional<String> policySource(KeycloakSession session, String hash) {
        return KeycloakTransactions.store(session).policySource(hash);
    }

    /** Forgets the requests of a realm that is being removed, in the transaction that removes it. */
    public static void removeRealm(KeycloakSession session, String realmId) {
        KeycloakTransactions.store(session).removeRealm(realmId);
    }

    /** Makes the task that fires deadlines. */
    public DueRequests dueRequests() {
        return new DueRequests(this, KeycloakClock.UTC);
    }
}
