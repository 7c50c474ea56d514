package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.cluster.OneNodeTask;
import org.keycloak.models.KeycloakSession;

/** Runs {@link Retention} now and then, on one node of a cluster at a time. */
final class RetentionTask extends OneNodeTask {

    private static final String TASK = "jit-approval-retention";
    private static final int LOCK_SECONDS = 300;

    private final Retention retention;

    RetentionTask(Retention retention) {
        super(TASK, LOCK_SECONDS);
        this.retention = retention;
    }

    @Override
    protected void work(KeycloakSession session) {
        retention.run();
    }
}
