package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.RecordKeeping;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore;
import jakarta.persistence.EntityManager;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Makes the {@link DatabaseDecisionLog}, one for the whole server. */
public final class DatabaseDecisionLogFactory implements DecisionLogFactory {

    /** About a second of a busy server's logins; more would only hide that the database cannot keep up. */
    private static final int MOST_WAITING = 1_000;

    private double sampleByDefault;
    private ThreadPoolExecutor writer;
    private DatabaseDecisionLog log;

    @Override
    public String getId() {
        return "database";
    }

    @Override
    public void init(Config.Scope config) {
        sampleByDefault = RecordKeeping.read().decisionSample();
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        writer = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
            Thread thread = new Thread(work, "jit-decision-log");
            thread.setDaemon(true);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
        log = new DatabaseDecisionLog(
                new UnredactedRules(),
                sampleByDefault,
                new Transactions(factory),
                writer,
                () -> ThreadLocalRandom.current().nextDouble());
        factory.register(event -> {
            if (event instanceof RealmModel.RealmRemovedEvent removed) {
                store(removed.getKeycloakSession()).removeRealm(removed.getRealm().getId());
            }
        });
    }

    @Override
    public DecisionLog create(KeycloakSession session) {
        return log;
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
        }
    }

    private static DecisionStore store(KeycloakSession session) {
        return new DecisionStore(entities(session));
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    private record Transactions(KeycloakSessionFactory factory) implements LogTransactions {

        @Override
        public <T> T run(Function<Work, T> work) {
            return KeycloakModelUtils.runJobInTransactionWithResult(
                    factory,
                    null,
                    session -> work.apply(new Work(store(session), new RequestStore(entities(session)))),
                    "jit-decision-log");
        }
    }
}
