package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.RecordKeeping;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;

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
                new DatabaseTransactions(factory),
                writer,
                () -> ThreadLocalRandom.current().nextDouble());
        factory.register(event -> {
            if (event instanceof RealmModel.RealmRemovedEvent removed) {
                DatabaseTransactions.store(removed.getKeycloakSession()).removeRealm(removed.getRealm().getId());
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
}
