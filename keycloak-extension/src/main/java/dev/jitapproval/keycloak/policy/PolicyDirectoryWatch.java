package dev.jitapproval.keycloak.policy;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks at a policy directory every second. File system notifications would be quicker and are not to be relied on where
 * directories are mounted into containers.
 */
public final class PolicyDirectoryWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PolicyDirectoryWatch.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "jit-approval-policies");
        thread.setDaemon(true);
        return thread;
    });

    public PolicyDirectoryWatch(PolicyDirectory directory) {
        timer.scheduleWithFixedDelay(() -> look(directory), 1, 1, TimeUnit.SECONDS);
    }

    private static void look(PolicyDirectory directory) {
        try {
            directory.refresh();
        } catch (RuntimeException e) {
            LOG.error("Looking for changed policies failed; it is tried again in a second", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
