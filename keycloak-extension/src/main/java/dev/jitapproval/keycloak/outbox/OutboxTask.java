package dev.jitapproval.keycloak.outbox;

import org.keycloak.models.KeycloakSession;
import org.keycloak.timer.ScheduledTask;

/** Looks at the outbox although nobody has put anything in: for retries, for what a crash left, and for what another node stored. */
final class OutboxTask implements ScheduledTask {

    static final String NAME = "jit-approval-outbox";

    private final Runnable wake;

    OutboxTask(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public String getTaskName() {
        return NAME;
    }

    @Override
    public void run(KeycloakSession session) {
        wake.run();
    }
}
