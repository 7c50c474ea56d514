package dev.jitapproval.keycloak.outbox;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Starts a {@link Round} when something is due. At most one thread of a node is at it, and the cluster lets one node send at a time. */
final class Sender {

    private static final Logger LOG = Logger.getLogger(Sender.class);

    /** While another node sends. It has until then to see what was stored here; after that the timer tries. */
    private static final int TRIES = 20;

    private static final long PAUSE_MILLIS = 250;

    private final Executor executor;
    private final BooleanSupplier turn;
    private final Semaphore news;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * @param executor runs the sender
     * @param turn does a round, unless another node is at one; says whether it did
     * @param news gets a permit whenever it may be worth looking for due rows again
     */
    Sender(Executor executor, BooleanSupplier turn, Semaphore news) {
        this.executor = executor;
        this.turn = turn;
        this.news = news;
    }

    /** Something may be due. Returns at once. */
    void wake() {
        wanted.set(true);
        news.release();
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::work);
            } catch (RuntimeException refused) {
                running.set(false);
                LOG.warnf(refused, "The outbox could not be woken; its timer will look at it");
            }
        }
    }

    private void work() {
        try {
            int tries = 0;
            while (wanted.getAndSet(false)) {
                if (turn.getAsBoolean()) {
                    tries = 0;
                } else if (++tries < TRIES) {
                    wanted.set(true);
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "The outbox could not be worked on; its timer will look at it again");
        } finally {
            running.set(false);
        }
        if (wanted.get() && !Thread.currentThread().isInterrupted()) {
            // Woken after the last look and before the end.
            wake();
        }
    }
}
