package dev.jitapproval.keycloak.engine;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts threads that have been inside the engine for too long. Code compiled from wasm looks at the interrupt flag in its loops and
 * calls, so this ends any computation.
 */
final class Watchdog implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer;

    Watchdog() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "jit-approval-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Watches over the calling thread until the guard is closed. */
    Guard watch(Duration limit) {
        Guard guard = new Guard(Thread.currentThread());
        guard.alarm = timer.schedule(guard::fire, limit.toNanos(), TimeUnit.NANOSECONDS);
        return guard;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /**
     * One watch over one thread. Once it is closed, no interrupt comes from it any more, and one that did come is taken back: the
     * thread belongs to Keycloak, which would take the flag for a shutdown at the next place where it waits.
     */
    static final class Guard implements AutoCloseable {

        private final Thread thread;
        private ScheduledFuture<?> alarm;
        private boolean fired;
        private boolean closed;

        private Guard(Thread thread) {
            this.thread = thread;
        }

        private synchronized void fire() {
            if (!closed) {
                fired = true;
                thread.interrupt();
            }
        }

        /** Whether time was up. */
        synchronized boolean hasFired() {
            return fired;
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            alarm.cancel(false);
            if (fired) {
                Thread.interrupted();
            }
        }
    }
}
