package dev.jitapproval.keycloak.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Interrupts threads that have been inside the engine for too long. Code compiled from wasm looks at the interrupt flag in its loops and
 * calls, so this ends any computation.
 *
 * <p>One thread looks at all watches every few milliseconds. An alarm for each would wake that thread for each, since a decision is the
 * only one under way more often than not, and take longer than the decision. When there has been nothing to watch for a while, it sleeps.
 */
final class Watchdog implements AutoCloseable {

    /** How much later than its limit a call may end. */
    static final Duration PRECISION = Duration.ofMillis(5);

    private static final long TICK_NANOS = PRECISION.toNanos();
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Set<Guard> watched = ConcurrentHashMap.newKeySet();
    private final Thread looker = new Thread(this::look, "jit-approval-watchdog");
    private final long lingerNanos;
    private volatile boolean asleep;
    private volatile boolean closed;

    Watchdog() {
        this(LINGER);
    }

    /** @param linger how long there has to be nothing to watch before it sleeps */
    Watchdog(Duration linger) {
        lingerNanos = linger.toNanos();
        looker.setDaemon(true);
        looker.start();
    }

    /**
     * Watches over the calling thread until the guard is closed.
     *
     * @throws EngineException if there is nobody to watch any more
     */
    Guard watch(Duration limit) {
        Guard guard = new Guard(Thread.currentThread(), System.nanoTime() + limit.toNanos());
        boolean added = false;
        try {
            watched.add(guard);
            added = true;
        } finally {
            // A set may take it and run out of memory afterwards: nobody would ever close it.
            guard.over = !added;
        }
        if (asleep) {
            LockSupport.unpark(looker);
        }
        // Asked last: who closes it meanwhile either is seen here, or sees the guard.
        if (closed || !looker.isAlive()) {
            guard.close();
            throw EngineException.exhausted("the policy engine is closed");
        }
        return guard;
    }

    private void look() {
        long lastSeen = System.nanoTime();
        while (!closed || !watched.isEmpty()) {
            long now = System.nanoTime();
            if (!watched.isEmpty()) {
                lastSeen = now;
                fireDue(now);
            } else if (now - lastSeen > lingerNanos) {
                sleep();
                lastSeen = System.nanoTime();
            }
            LockSupport.parkNanos(this, TICK_NANOS);
            // Nobody interrupts it for a reason, and a flag that stays would turn its rest into a busy loop.
            Thread.interrupted();
        }
    }

    private void fireDue(long now) {
        try {
            for (Guard guard : watched) {
                if (guard.over) {
                    watched.remove(guard);
                } else if (now - guard.due >= 0) {
                    guard.fire();
                }
            }
        } catch (OutOfMemoryError e) {
            // The call that takes too long may be what uses the memory up. Without this thread nothing would ever end it: look again.
        }
    }

    /** Rests until there is something to watch. Who adds it either sees that this sleeps, or is seen here. */
    private void sleep() {
        asleep = true;
        if (watched.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /** Whether it rests, so that the next watch has to wake it. */
    boolean isAsleep() {
        return asleep;
    }

    /** Takes no more watches; those that there are keep being looked at. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(looker);
    }

    /**
     * One watch over one thread. Once it is closed, no interrupt comes from it any more, and one that did come is taken back: the
     * thread belongs to Keycloak, which would take the flag for a shutdown at the next place where it waits.
     */
    final class Guard implements AutoCloseable {

        private final Thread thread;
        private final long due;
        private boolean fired;
        private volatile boolean over;

        private Guard(Thread thread, long due) {
            this.thread = thread;
            this.due = due;
        }

        private synchronized void fire() {
            if (!over && !fired) {
                fired = true;
                thread.interrupt();
            }
        }

        /** Whether time was up. */
        synchronized boolean hasFired() {
            return fired;
        }

        @Override
        public void close() {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                if (fired) {
                    Thread.interrupted();
                }
            }
            try {
                watched.remove(this);
            } catch (OutOfMemoryError e) {
                // It is over, and the watchdog drops what is over. The call has its answer and keeps it.
            }
        }
    }
}
