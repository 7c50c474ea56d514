package dev.jitapproval.keycloak.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Lends instances of the policy module to threads: never one to two at a time, never more than a fixed number at once.
 *
 * <p>An instance goes back only after a call that ended well. One that trapped, ran out of time or has grown large is dropped,
 * and the next borrower gets a fresh one, so a failure costs the one request that met it.
 */
final class EnginePool implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EnginePool.class);
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final ConcurrentLinkedDeque<EngineInstance> idle = new ConcurrentLinkedDeque<>();
    private final Set<EngineInstance> all = ConcurrentHashMap.newKeySet();
    private final Watchdog watchdog = new Watchdog();
    private final Semaphore permits;
    private final Duration patience;

    /**
     * @param size how many instances may be at work at the same time
     * @param patience how long a thread waits for a free one
     */
    EnginePool(int size, Duration patience) {
        this.permits = new Semaphore(size, true);
        this.patience = patience;
    }

    /** Something to do with an instance that is this thread's alone for as long as it takes. */
    @FunctionalInterface
    interface Work<T> {
        T with(Lease lease);
    }

    /**
     * Runs work on the calling thread with an instance of its own.
     *
     * @throws EngineException if no instance is free in time, or the thread's stack is almost used up; or from {@link Lease#call}
     */
    <T> T run(Work<T> work) {
        try {
            StackReserve.require();
        } catch (StackOverflowError e) {
            throw EngineException.trap(e);
        }
        // The module stops at a set flag. One that was set before is somebody else's business, and theirs again afterwards.
        boolean interruptedBefore = Thread.interrupted();
        try {
            borrow();
            try (Lease lease = new Lease()) {
                return work.with(lease);
            } finally {
                permits.release();
            }
        } finally {
            if (interruptedBefore) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Runs work once on each instance that exists now, as they become free; what one of them throws concerns that instance only.
     *
     * @param patience how long to wait for those that are lent
     */
    void onEachInstance(Duration patience, Work<?> work) {
        long until = System.nanoTime() + patience.toNanos();
        Set<EngineInstance> left = new HashSet<>(all);
        while (true) {
            left.removeIf(instance -> !all.contains(instance) || tryOn(instance, work));
            if (left.isEmpty() || System.nanoTime() >= until || !pause()) {
                return;
            }
        }
    }

    /** Whether the instance was free, so that the work is done with it or has failed on it. */
    private boolean tryOn(EngineInstance instance, Work<?> work) {
        if (!permits.tryAcquire()) {
            return false;
        }
        try {
            if (!idle.remove(instance)) {
                return false;
            }
            try (Lease lease = new Lease(instance)) {
                work.with(lease);
            } catch (EngineException e) {
                LOG.debugf(e, "An instance of the policy engine could not be prepared");
            }
            return true;
        } finally {
            permits.release();
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void borrow() {
        boolean free;
        try {
            free = permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.exhausted("the thread was interrupted while it waited for the policy engine");
        }
        if (!free) {
            throw EngineException.exhausted("no instance of the policy engine became free within " + patience.toMillis()
                    + " ms; if this happens under normal load, raise `pool-size`");
        }
    }

    /** The use of one instance by one thread. */
    final class Lease implements AutoCloseable {

        private final EngineInstance instance;
        private boolean usable = true;

        private Lease() {
            EngineInstance pooled = idle.pollFirst();
            instance = pooled == null ? EngineInstance.create() : pooled;
            all.add(instance);
        }

        private Lease(EngineInstance instance) {
            this.instance = instance;
        }

        /**
         * Carries a request in and the answer out.
         *
         * @param limit the longest that the call may take
         * @throws EngineException if time is up or the module traps
         */
        byte[] call(Duration limit, byte[] request) {
            Watchdog.Guard guard = watchdog.watch(limit);
            // Whatever it throws may have left the instance in the middle of something.
            usable = false;
            try {
                byte[] answer = instance.call(request);
                usable = true;
                return answer;
            } catch (EngineException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                if (guard.hasFired()) {
                    throw EngineException.timeout("the policy engine did not answer within " + limit.toMillis() + " ms");
                }
                throw EngineException.trap(e);
            } finally {
                guard.close();
            }
        }

        @Override
        public void close() {
            if (usable && instance.isWorthKeeping()) {
                idle.addFirst(instance);
            } else {
                all.remove(instance);
            }
        }
    }

    /** How many instances wait for work. */
    int idleCount() {
        return idle.size();
    }

    @Override
    public void close() {
        watchdog.close();
        idle.clear();
        all.clear();
    }
}
