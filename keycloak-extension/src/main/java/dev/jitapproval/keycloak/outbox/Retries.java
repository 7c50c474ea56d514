package dev.jitapproval.keycloak.outbox;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How often a message is tried, and how long it waits in between: 2 s after the first failure, twice as long after each further one up
 * to a longest wait, and each wait shortened by up to a quarter at random, so that what failed together does not come back together.
 *
 * @param most how often before the message is dead, at least 1
 * @param longest the longest wait
 * @param random from 0 to 1
 */
record Retries(int most, Duration longest, DoubleSupplier random) {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final double JITTER = 0.25;
    /** Beyond it the doubled wait is longer than any that is allowed, long before it overflows. */
    private static final int MOST_DOUBLINGS = 30;

    /** Whether a message that has failed so often is tried again. */
    boolean again(int attempts) {
        return attempts < most;
    }

    /** How long to wait after the failure of this attempt, the first being 1. */
    Duration waitAfter(int attempt) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(MOST_DOUBLINGS, attempt - 1));
        Duration wait = doubled.compareTo(longest) < 0 ? doubled : longest;
        return Duration.ofMillis(Math.round(wait.toMillis() * (1 - JITTER * random.getAsDouble())));
    }
}
