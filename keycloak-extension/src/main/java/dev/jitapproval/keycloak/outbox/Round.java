package dev.jitapproval.keycloak.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Delivers all that is due, and what becomes due meanwhile. Each realm has a lane of its own, in which one message is delivered after
 * the other, so a realm whose mail server hangs holds up nobody else.
 */
final class Round {

    private static final Logger LOG = Logger.getLogger(Round.class);

    /** As many realms are served at the same time. */
    static final int LANES = 8;

    /** No message is begun after that; the next round goes on. Far below the time for which the cluster lets one node send. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int BATCH = 100;
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final OutboxTransactions transactions;
    private final Attempt attempt;
    private final Executor executor;
    private final Clock clock;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    /** Realms whose rows could not be read or written: left alone until the next round. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Semaphore news;

    /**
     * @param executor runs the lanes
     * @param news gets a permit whenever it may be worth looking for due rows again
     */
    Round(OutboxTransactions transactions, Attempt attempt, Executor executor, Clock clock, Semaphore news) {
        this.transactions = transactions;
        this.attempt = attempt;
        this.executor = executor;
        this.clock = clock;
        this.news = news;
    }

    /** Returns once nothing is due and no lane is busy, or the time is up and the last delivery is over. */
    void run() {
        Instant end = clock.instant().plus(LONGEST);
        try {
            boolean goOn = true;
            while (goOn) {
                news.drainPermits();
                boolean inTime = clock.instant().isBefore(end);
                boolean started = inTime && startLanes(end);
                goOn = started || !busy.isEmpty();
                if (goOn) {
                    news.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean startLanes(Instant end) {
        int free = LANES - busy.size();
        if (free <= 0) {
            return false;
        }
        Set<String> notNow = new HashSet<>(busy);
        notNow.addAll(broken);
        List<OutboxRow> due = transactions.run(store -> store.findDue(clock.instant(), notNow, BATCH));
        Map<String, List<OutboxRow>> byRealm = due.stream()
                .collect(Collectors.groupingBy(row -> row.message().realmId(), LinkedHashMap::new, Collectors.toList()));
        byRealm.entrySet().stream().limit(free).forEach(realm -> {
            busy.add(realm.getKey());
            start(realm.getKey(), realm.getValue(), end);
        });
        return !byRealm.isEmpty();
    }

    private void start(String realmId, List<OutboxRow> rows, Instant end) {
        try {
            executor.execute(() -> lane(realmId, rows, end));
        } catch (RuntimeException refused) {
            busy.remove(realmId);
            throw refused;
        }
    }

    private void lane(String realmId, List<OutboxRow> rows, Instant end) {
        try {
            for (OutboxRow row : rows) {
                if (!clock.instant().isBefore(end) || Thread.currentThread().isInterrupted()) {
                    return;
                }
                attempt.at(row);
            }
        } catch (RuntimeException databaseAway) {
            broken.add(realmId);
            LOG.errorf(databaseAway, "The outbox of the realm %s could not be read or written; it is tried again in a few seconds",
                    realmId);
        } finally {
            busy.remove(realmId);
            news.release();
        }
    }
}
