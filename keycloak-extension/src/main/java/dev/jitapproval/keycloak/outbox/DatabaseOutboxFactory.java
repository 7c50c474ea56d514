package dev.jitapproval.keycloak.outbox;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.observe.Observations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.keycloak.Config;
import org.keycloak.cluster.ClusterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.timer.TimerProvider;

/** Makes {@link DatabaseOutbox}, and runs the sender of this node. */
public final class DatabaseOutboxFactory implements OutboxFactory {

    private static final long LOOK_EVERY_MILLIS = 5_000;
    private static final Duration TIDY_EVERY = Duration.ofHours(1);
    /** Longer than a {@link Round} and the delivery that it may have begun at its very end. */
    private static final int CLUSTER_LOCK_SECONDS = 120;

    private final Semaphore news = new Semaphore(0);
    private OutboxOptions options;
    private KeycloakSessionFactory factory;
    private OutboxTransactions transactions;
    private Attempt attempt;
    private ExecutorService threads;
    private Sender sender;
    private volatile Instant tidyAgain = Instant.MIN;

    @Override
    public String getId() {
        return "database";
    }

    @Override
    public void init(Config.Scope config) {
        options = OutboxOptions.read(config);
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return OutboxOptions.METADATA;
    }

    @Override
    public void postInit(KeycloakSessionFactory sessions) {
        factory = sessions;
        transactions = new KeycloakOutboxTransactions(sessions);
        Retries retries = new Retries(options.maxAttempts(), options.maxWait(), () -> ThreadLocalRandom.current().nextDouble());
        attempt = new Attempt(transactions, retries, KeycloakClock.UTC, UUID.randomUUID().toString(), this::count);
        threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "jit-outbox");
            thread.setDaemon(true);
            // Jakarta Mail looks its parts up there, and a thread would inherit whatever its maker happened to have.
            thread.setContextClassLoader(DatabaseOutboxFactory.class.getClassLoader());
            return thread;
        });
        sender = new Sender(threads, this::turn, news);
        sessions.register(this::onEvent);
    }

    @Override
    public Outbox create(KeycloakSession session) {
        return new DatabaseOutbox(session, KeycloakClock.UTC, sender::wake);
    }

    /** Ends the sender; what it was at is delivered by another node, or at the next start. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    private void onEvent(ProviderEvent event) {
        if (event instanceof PostMigrationEvent) {
            // The tables exist from here on.
            KeycloakModelUtils.runJobInTransaction(factory, session -> session.getProvider(TimerProvider.class)
                    .scheduleTask(new OutboxTask(sender::wake), LOOK_EVERY_MILLIS));
        }
    }

    /** A round, unless another node is at one. */
    private boolean turn() {
        // Without a transaction: it would be open for as long as the round takes.
        try (KeycloakSession session = factory.create()) {
            return session.getProvider(ClusterProvider.class)
                    .executeIfNotExecuted(OutboxTask.NAME, CLUSTER_LOCK_SECONDS, () -> {
                        tidy();
                        new Round(transactions, attempt, threads, KeycloakClock.UTC, news).run();
                        return null;
                    })
                    .isExecuted();
        }
    }

    private void tidy() {
        Instant now = KeycloakClock.UTC.instant();
        if (now.isAfter(tidyAgain)) {
            tidyAgain = now.plus(TIDY_EVERY);
            transactions.run(store -> store.removeFinishedBefore(now.minus(options.keepDone())));
        }
    }

    private void count(OutboxMessage message, OutboxState state) {
        KeycloakModelUtils.runJobInTransaction(factory, session -> {
            RealmModel realm = session.realms().getRealm(message.realmId());
            if (realm != null) {
                Observations.delivered(realm.getName(), message.kind(), state == OutboxState.PENDING ? "retried" : state.wireName());
            }
        });
    }
}
