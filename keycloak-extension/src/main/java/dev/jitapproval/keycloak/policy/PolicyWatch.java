package dev.jitapproval.keycloak.policy;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks for changed policies every second, on a thread of its own. File system and cluster notifications would be quicker and are not to
 * be relied on: directories are mounted into containers, and a note between nodes may get lost.
 */
public final class PolicyWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PolicyWatch.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "jit-approval-policies");
        thread.setDaemon(true);
        return thread;
    });
    private final Runnable look;

    public PolicyWatch(Runnable look) {
        this.look = look;
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Looks as soon as possible, without keeping the caller. */
    public void lookSoon() {
        try {
            timer.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server stops; changed policies are read at the next start");
        }
    }

    private void look() {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.error("Looking for changed policies failed; it is tried again in a second", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
