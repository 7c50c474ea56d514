package dev.jitapproval.keycloak.outbox;

import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One attempt to deliver one row: claim it, deliver it, note what came of it. Each is a transaction of its own, so a server that ends
 * anywhere in between leaves a claimed row behind, whose claim runs out.
 */
final class Attempt {

    private static final Logger LOG = Logger.getLogger(Attempt.class);

    /**
     * How long a row stays claimed. Only the node that sends looks for rows, and it knows which it is at; so this matters after a crash
     * alone, and people wait for what was not sent.
     */
    static final Duration CLAIM = Duration.ofSeconds(30);

    private final OutboxTransactions transactions;
    private final Retries retries;
    private final Clock clock;
    private final String by;
    private final DeliveryObserver observer;

    Attempt(OutboxTransactions transactions, Retries retries, Clock clock, String by, DeliveryObserver observer) {
        this.transactions = transactions;
        this.retries = retries;
        this.clock = clock;
        this.by = by;
        this.observer = observer;
    }

    /** Tries once, unless somebody else has taken the row meanwhile. Never throws what a handler throws. */
    void at(OutboxRow due) {
        Instant now = clock.instant();
        Optional<OutboxRow> claimed = transactions.run(store -> store.claim(due, by, now.plus(CLAIM), now));
        claimed.ifPresent(this::deliver);
    }

    private void deliver(OutboxRow row) {
        if (row.attempts() > retries.most()) {
            // The server ended in the middle of each of them.
            transactions.run(store -> store.giveUp(row, by, "the server ended during every attempt", clock.instant()));
            observer.delivered(row.message(), OutboxState.DEAD);
            return;
        }
        try {
            Delivery delivery = transactions.deliver(row.message(), (store, begun) -> {
                if (begun instanceof Delivery.Done) {
                    finish(store, row, OutboxState.DONE, null);
                } else if (begun instanceof Delivery.Skipped skipped) {
                    finish(store, row, OutboxState.SKIPPED, skipped.reason());
                }
            });
            if (delivery instanceof Delivery.Outside) {
                transactions.run(store -> store.finish(row, by, OutboxState.DONE, null, clock.instant()));
            }
            observer.delivered(row.message(), delivery instanceof Delivery.Skipped ? OutboxState.SKIPPED : OutboxState.DONE);
        } catch (InterruptedException stopping) {
            // The claim runs out, and another node or the next start delivers it.
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            fail(row, failed);
        }
    }

    private void finish(OutboxStore store, OutboxRow row, OutboxState state, String why) {
        if (!store.finish(row, by, state, why, clock.instant())) {
            throw new IllegalStateException("outbox row " + row.id() + " was taken by another sender; what was begun is rolled back");
        }
    }

    private void fail(OutboxRow row, Exception failed) {
        String error = describe(failed);
        Instant now = clock.instant();
        if (retries.again(row.attempts())) {
            Instant next = now.plus(retries.waitAfter(row.attempts()));
            LOG.warnf("Outbox %s: attempt %d failed (%s); the next is at %s", row.message().key(), row.attempts(), error, next);
            LOG.debugf(failed, "Outbox %s", row.message().key());
            transactions.run(store -> store.retryAt(row, by, error, next, now));
            observer.delivered(row.message(), OutboxState.PENDING);
        } else {
            LOG.errorf(failed, "Outbox %s: attempt %d failed, and it was the last; the message is dead until an admin redrives it",
                    row.message().key(), row.attempts());
            transactions.run(store -> store.giveUp(row, by, error, now));
            observer.delivered(row.message(), OutboxState.DEAD);
        }
    }

    /** The words of the innermost cause, which say most: {@code Connection refused} rather than {@code could not send}. */
    private static String describe(Throwable failed) {
        Throwable innermost = failed;
        for (int depth = 0; innermost.getCause() != null && depth < 20; depth++) {
            innermost = innermost.getCause();
        }
        String said = innermost.getMessage();
        return said == null || said.isBlank() ? innermost.getClass().getSimpleName() : said;
    }
}
