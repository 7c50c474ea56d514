package dev.jitapproval.keycloak.outbox;

import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The outbox on a real database; only the handler and time are made up. */
final class OutboxFixture implements OutboxTransactions, AutoCloseable {

    static final String REALM = "realm-1";
    static final int MOST_ATTEMPTS = 3;

    private static final EntityManagerFactory FACTORY =
            JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    /** What the observer was told, oldest first. */
    final List<OutboxState> told = new CopyOnWriteArrayList<>();

    final ExecutorService threads = Executors.newCachedThreadPool();
    final Semaphore news = new Semaphore(0);
    volatile OutboxHandler handler = message -> Delivery.done();
    private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final ThreadLocal<Boolean> inTransaction = ThreadLocal.withInitial(() -> false);

    OutboxFixture() {
        transact(entities -> {
            JitTables.empty(entities);
            return null;
        });
    }

    /** A sender with a name of its own. */
    Round round(String name) {
        Retries retries = new Retries(MOST_ATTEMPTS, Duration.ofMinutes(15), () -> 0);
        Attempt attempt = new Attempt(this, retries, clock, name, (message, state) -> told.add(state));
        return new Round(this, attempt, threads, clock, news);
    }

    Attempt attempt(String name) {
        Retries retries = new Retries(MOST_ATTEMPTS, Duration.ofMinutes(15), () -> 0);
        return new Attempt(this, retries, clock, name, (message, state) -> told.add(state));
    }

    void send() {
        round("sender").run();
    }

    void put(String key) {
        put(key, REALM);
    }

    void put(String key, String realmId) {
        put(new OutboxMessage(key, realmId, "test", "request-1", "{\"for\":\"" + key + "\"}"));
    }

    void put(OutboxMessage message) {
        run(store -> store.insert(message, now));
    }

    List<OutboxRow> rows(OutboxState state) {
        return run(store -> store.list(REALM, state, null, null, 100));
    }

    OutboxRow only(OutboxState state) {
        List<OutboxRow> rows = rows(state);
        if (rows.size() != 1) {
            throw new AssertionError("one row should be " + state + ", not " + rows);
        }
        return rows.get(0);
    }

    List<OutboxRow> due() {
        return run(store -> store.findDue(now, List.of(), 100));
    }

    Map<OutboxState, Long> count(String realmId) {
        return run(store -> store.count(realmId));
    }

    Duration lag() {
        return run(store -> store.lag(now));
    }

    Duration lag(String realmId) {
        return run(store -> store.lag(realmId, now));
    }

    boolean redrive(String realmId, OutboxRow row) {
        return run(store -> store.redrive(realmId, row.id(), now));
    }

    int redriveDead(String realmId, String kind) {
        return run(store -> store.redriveDead(realmId, kind, now));
    }

    int forgetFinished() {
        return run(store -> store.removeFinishedBefore(now));
    }

    /** As Keycloak's removal of the realm does. */
    void removeRealm(String realmId) {
        transact(entities -> {
            new RequestStore(entities).removeRealm(realmId);
            return null;
        });
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    boolean inTransaction() {
        return inTransaction.get();
    }

    @Override
    public <T> T run(Function<OutboxStore, T> work) {
        return transact(entities -> work.apply(new OutboxStore(entities)));
    }

    @Override
    public Delivery deliver(OutboxMessage message, BiConsumer<OutboxStore, Delivery> inside) throws Exception {
        Delivery delivery = run(store -> {
            Delivery begun = handler.begin(message);
            inside.accept(store, begun);
            return begun;
        });
        if (delivery instanceof Delivery.Outside outside) {
            outside.call().run();
        }
        return delivery;
    }

    private <T> T transact(Function<EntityManager, T> work) {
        try {
            return JitTables.transact(FACTORY, entities -> {
                inTransaction.set(true);
                return work.apply(entities);
            });
        } finally {
            inTransaction.set(false);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
