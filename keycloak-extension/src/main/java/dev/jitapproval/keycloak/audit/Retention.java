package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.RecordKeeping;
import dev.jitapproval.keycloak.audit.jpa.RetentionStore;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore;
import dev.jitapproval.keycloak.risk.jpa.SightingStore;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Removes what is older than it is to be kept: a few rows in each transaction, so that nobody waits for it. */
final class Retention {

    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final int BATCH = 100;
    /** What is left then is the next run's; the first one after years without retention takes a while, and may. */
    private static final int MOST_BATCHES = 100;

    private final RecordKeeping settings;
    private final Transactions transactions;
    private final Clock clock;

    /** @param transactions runs each batch in a transaction of its own */
    Retention(RecordKeeping settings, Transactions transactions, Clock clock) {
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Begins transactions. */
    interface Transactions {
        <T> T run(Function<EntityManager, T> work);
    }

    void run() {
        int requests = remove(settings.requests(), (entities, then) ->
                new RetentionStore(entities).removeRequestsBefore(then, BATCH));
        int checkpoints = remove(settings.requests(), (entities, then) ->
                new RetentionStore(entities).removeCheckpointsBefore(then, BATCH));
        int decisions = remove(settings.decisions(), (entities, then) ->
                new DecisionStore(entities).removeBefore(then, BATCH));
        int sightings = remove(Optional.of(settings.sightings()), (entities, then) ->
                new SightingStore(entities).removeBefore(then, BATCH));
        if (requests + checkpoints + decisions + sightings > 0) {
            LOG.infof("Retention removed %d requests, %d checkpoints, %d decisions and %d sightings",
                    requests, checkpoints, decisions, sightings);
        }
    }

    private int remove(Optional<Duration> keep, BiFunction<EntityManager, Instant, Integer> batch) {
        if (keep.isEmpty()) {
            return 0;
        }
        Instant then = clock.instant().minus(keep.get());
        int removed = 0;
        for (int batches = 0; batches < MOST_BATCHES; batches++) {
            int now = transactions.run(entities -> batch.apply(entities, then));
            removed += now;
            if (now < BATCH) {
                break;
            }
        }
        return removed;
    }
}
