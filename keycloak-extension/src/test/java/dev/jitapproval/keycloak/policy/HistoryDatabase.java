package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.policy.jpa.JpaPolicyHistory;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
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
        try (EntityManager entities = factory.createEntityManager()) {
            entities.getTransaction().begin();
            try {
                T result = work.apply(entities);
                entities.getTransaction().commit();
                return result;
            } finally {
                if (entities.getTransaction().isActive()) {
                    entities.getTransaction().rollback();
                }
            }
        }
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
