package dev.jitapproval.keycloak.api;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.timer.ScheduledTask;
import org.keycloak.timer.TimerProvider;

/** Forgets what the APIs need no longer. Each node may do it; deleting twice does no harm. */
public final class Housekeeping implements ScheduledTask {

    private static final long EVERY_MILLIS = 60L * 60 * 1_000;

    private Housekeeping() {}

    /** Begins once the tables exist. */
    public static void start(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, session -> session.getProvider(TimerProvider.class)
                        .scheduleTask(new Housekeeping(), EVERY_MILLIS));
            }
        });
    }

    @Override
    public void run(KeycloakSession session) {
        Idempotency.clean(session);
    }

    @Override
    public String getTaskName() {
        return "jit-approval-api-housekeeping";
    }
}
