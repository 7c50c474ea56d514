package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.policy.jpa.JpaPolicyHistory;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** The tables on a real H2 database, and transactions in it. */
final class HistoryDatabase implements PolicyHistory.Transactions, AutoCloseable {

    private final EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private volatile boolean away;

    @Override
    public <T> T run(Function<PolicyHistory, T> work) {
        return with(entities -> work.apply(new JpaPolicyHistory(entities)));
    }

    /** Leaves a switch of a realm that no version of this code has written. */
    void unreadable(String realmId) {
        with(entities -> {
            JpaPolicyHistory history = new JpaPolicyHistory(entities);
            Author nobody = new Author("0", "nobody");
            history.append(realmId, new PolicyVersion(1, "sha256:" + "f".repeat(64), "x", PolicyMode.ENFORCE, nobody, Instant.EPOCH, null), "x");
            history.append(realmId, new Activation(1, 1, Activation.Kind.ACTIVATE, nobody, Instant.EPOCH, null));
            entities.flush();
            return entities.createNativeQuery("update JIT_POLICY_ACTIVATION set KIND = 'unheard of' where REALM_ID = :realm")
                    .setParameter("realm", realmId)
                    .executeUpdate();
        });
    }

    /** As Keycloak's removal of the realm does. */
    void removeRealm(String realmId) {
        with(entities -> {
            new RequestStore(entities).removeRealm(realmId);
            return null;
        });
    }

    private <T> T with(Function<EntityManager, T> work) {
        if (away) {
            throw new IllegalStateException("the database is away");
        }
        return JitTables.transact(factory, work);
    }

    /** Whether transactions fail from now on. */
    void away(boolean now) {
        away = now;
    }

    @Override
    public void close() {
        factory.close();
    }
}
