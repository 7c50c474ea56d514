package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.cluster.OneNodeTask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;

/**
 * Makes the checkpoints that are due, of every realm. One node of a cluster at a time does it; were two to do it, the numbers would keep
 * them apart.
 */
final class CheckpointTask extends OneNodeTask {

    private static final Logger LOG = Logger.getLogger(CheckpointTask.class);
    private static final String TASK = "jit-approval-checkpoints";
    private static final int LOCK_SECONDS = 300;

    private final Recorder recorder;
    private final Duration every;
    private final Clock clock;
    /** When a realm in which nothing happens was looked at, so that it is not looked at every minute. */
    private final Map<String, Instant> looked = new ConcurrentHashMap<>();

    CheckpointTask(Recorder recorder, Duration every, Clock clock) {
        super(TASK, LOCK_SECONDS);
        this.recorder = recorder;
        this.every = every;
        this.clock = clock;
    }

    @Override
    protected void work(KeycloakSession session) {
        for (String realmId : new CheckpointStore(Recorder.entities(session)).realms()) {
            makeIfDue(session, realmId);
        }
    }

    private void makeIfDue(KeycloakSession session, String realmId) {
        Instant due = clock.instant().minus(every);
        boolean lookedLately = looked.getOrDefault(realmId, Instant.MIN).isAfter(due);
        if (lookedLately || new CheckpointStore(Recorder.entities(session)).lastMadeAt(realmId).filter(due::isBefore).isPresent()) {
            return;
        }
        looked.put(realmId, clock.instant());
        try {
            recorder.make(realmId, false)
                    .ifPresent(made -> LOG.debugf("Realm %s: checkpoint %d lists %d requests", realmId, made.seq(), made.requests()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Realm %s: its checkpoint could not be made; it is tried again when the next one is due", realmId);
        }
    }
}
