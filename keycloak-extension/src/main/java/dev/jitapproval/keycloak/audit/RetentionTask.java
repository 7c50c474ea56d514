package dev.jitapproval.keycloak.audit;

import org.keycloak.cluster.ClusterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.timer.ScheduledTask;

/** Runs {@link Retention} now and then, on one node of a cluster at a time. */
final class RetentionTask implements ScheduledTask {

    private static final String TASK = "jit-approval-retention";
    private static final int LOCK_SECONDS = 300;

    private final Retention retention;

    RetentionTask(Retention retention) {
        this.retention = retention;
    }

    @Override
    public String getTaskName() {
        return TASK;
    }

    @Override
    public void run(KeycloakSession session) {
        session.getProvider(ClusterProvider.class).executeIfNotExecuted(TASK, LOCK_SECONDS, () -> {
            retention.run();
            return null;
        });
    }
}
