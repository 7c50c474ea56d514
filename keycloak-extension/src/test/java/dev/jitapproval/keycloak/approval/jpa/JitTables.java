package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.function.Function;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.hibernate.cfg.Configuration;

/** A database with exactly the tables that Keycloak would make from the changelog. */
public final class JitTables {

    private JitTables() {}

    public static EntityManagerFactory open(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                Liquibase liquibase = new Liquibase(
                        JitJpaEntityProviderFactory.CHANGELOG,
                        new ClassLoaderResourceAccessor(),
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
            liquibase.update("");
        } catch (Exception e) {
            throw new IllegalStateException("the changelog could not be applied", e);
        }
        Configuration configuration = new Configuration()
                .setProperty("hibernate.connection.url", url)
                .setProperty("hibernate.connection.pool_size", "32");
        JitJpaEntityProviderFactory.ENTITIES.forEach(configuration::addAnnotatedClass);
        return configuration.buildSessionFactory();
    }

    /** Runs work in a transaction, which is committed when this returns and rolled back when it throws. */
    public static <T> T transact(EntityManagerFactory factory, Function<EntityManager, T> work) {
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

    public static void empty(EntityManager entities) {
        for (String entity : List.of("JitSighting", "JitOutbox", "JitCheckpoint", "JitRemoved", "JitDecision", "JitEvent", "JitGrant", "JitRequest", "JitPolicyActivation", "JitPolicyVersion", "JitPolicy", "JitIdempotency")) {
            entities.createQuery("delete from " + entity).executeUpdate();
        }
    }
}
