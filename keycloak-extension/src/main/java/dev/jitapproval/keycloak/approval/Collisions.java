package dev.jitapproval.keycloak.approval;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries again what lost a race. Each try is a transaction of its own: one in which a unique key has collided is of no further use.
 */
public final class Collisions {

    private static final int TRIES = 25;
    private static final int LONGEST_PAUSE_MILLIS = 60;

    /** SQL state classes: a constraint was violated; the transaction was rolled back to break a deadlock or to stay serializable. */
    private static final Set<String> CLASSES = Set.of("23", "40");

    /** PostgreSQL's and H2's states for a lock that did not become free in time. */
    private static final Set<String> LOCK_TIMEOUTS = Set.of("55P03", "HYT00");

    private Collisions() {}

    /** Somebody else was faster; nothing was recorded. */
    static final class Lost extends RuntimeException {
        Lost() {
            super("the request was changed by somebody else at the same time", null, false, false);
        }
    }

    /**
     * Runs a transaction until it does not collide.
     *
     * @throws ApprovalConflictException if it collides again and again
     */
    public static <T> T retry(Supplier<T> transaction) {
        RuntimeException last = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                return transaction.get();
            } catch (RuntimeException e) {
                if (!isCollision(e)) {
                    throw e;
                }
                last = e;
                pause(attempt);
            }
        }
        throw new ApprovalConflictException("others kept changing the same at the same time; nothing was recorded, please try again", last);
    }

    static boolean isCollision(Throwable thrown) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause instanceof Lost) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null && sql.getSQLState().length() == 5) {
                String state = sql.getSQLState();
                return CLASSES.contains(state.substring(0, 2)) || LOCK_TIMEOUTS.contains(state);
            }
        }
        return false;
    }

    private static void pause(int attempt) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 5 * attempt);
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApprovalConflictException("interrupted while waiting for a turn; nothing was recorded", e);
        }
    }
}
