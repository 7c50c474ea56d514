package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.RecordKeeping;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import java.time.Clock;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.timer.TimerProvider;

/** Makes {@link CheckpointHandler}, and starts what is done about records without anybody asking. */
public final class CheckpointHandlerFactory implements OutboxHandlerFactory {

    private static final long EVERY_MILLIS = 60_000;

    private RecordKeeping settings;
    private Recorder recorder;

    @Override
    public String getId() {
        return Recorder.KIND;
    }

    @Override
    public void init(Config.Scope config) {
        settings = RecordKeeping.read();
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        recorder = new Recorder(factory);
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, this::start);
            }
        });
    }

    private void start(KeycloakSession session) {
        TimerProvider timer = session.getProvider(TimerProvider.class);
        Clock clock = KeycloakClock.UTC;
        timer.scheduleTask(new CheckpointTask(recorder, settings.checkpointEvery(), clock), EVERY_MILLIS);
        timer.scheduleTask(new RetentionTask(new Retention(settings, recorder::run, clock)), EVERY_MILLIS);
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new CheckpointHandler(recorder, settings.checkpointDir());
    }

    @Override
    public void close() {}
}
