package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.RecordKeeping;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes the {@link DatabaseDecisionLog} of a session; the thread that stores samples is the server's. */
public final class DatabaseDecisionLogFactory implements DecisionLogFactory {

    /** About a second of a busy server's logins; more would only hide that the database cannot keep up. */
    private static final int MOST_WAITING = 1_000;

    private double sampleByDefault;
    private ThreadPoolExecutor writer;
    private LogTransactions transactions;

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
        transactions = new DatabaseTransactions(factory);
    }

    @Override
    public DecisionLog create(KeycloakSession session) {
        return new DatabaseDecisionLog(
                JitApprovalProvider.of(session).engine()::redact,
                sampleByDefault,
                transactions,
                writer,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
        }
    }
}
