package dev.jitapproval.keycloak.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Map;

/** Whether the parts of the extension work on this node. Written by a timer, read by whoever asks; asking costs nothing. */
public final class Health {

    /** With this age of the oldest undelivered message, the outbox counts as stuck. */
    static final Duration LONGEST_LAG = Duration.ofMinutes(5);

    /** The timer looks every ten seconds; when it has not for this long, the database is away or the timer stands still. */
    static final Duration OLDEST_LOOK = Duration.ofMinutes(1);

    /** What is looked at. */
    public enum Check {
        /** The engine answers. */
        ENGINE("engine"),
        /** The tables can be read, and have been lately. */
        DATABASE("database"),
        /** Every realm that the checkpoint guards has a policy. */
        POLICY("policy"),
        /** Side effects are delivered. */
        OUTBOX("outbox");

        private final String label;

        Check(String label) {
            this.label = label;
        }

        /** The name in metrics and in answers. */
        public String label() {
            return label;
        }
    }

    /**
     * What came of a check.
     *
     * @param detail what is wrong, for whoever runs the server; no names of people, no secrets; null where nothing is
     */
    public record Result(Check check, boolean healthy, String detail) {}

    private static final Map<Check, Result> RESULTS = new ConcurrentHashMap<>();
    private static volatile long lookedAt = System.nanoTime();

    private Health() {}

    static void show() {
        for (Check check : Check.values()) {
            Gauge.builder("jit.health", check, each -> result(each).healthy() ? 1 : 0)
                    .description("1 where a part of the extension works on this node, else 0")
                    .tag("check", check.label()).strongReference(true).register(Metrics.globalRegistry);
        }
        Gauge.builder("jit.figures.age", Health::secondsSinceLook).baseUnit("seconds")
                .description("Time since this node last read from the database what its metrics say").register(Metrics.globalRegistry);
    }

    /** A check went well if there is nothing to say. */
    static void set(Check check, String problem) {
        RESULTS.put(check, new Result(check, problem == null, problem));
    }

    /** All figures have been read anew. */
    static void looked() {
        lookedAt = System.nanoTime();
        set(Check.DATABASE, null);
    }

    /** All checks, in the order of {@link Check}. */
    public static List<Result> results() {
        List<Result> results = new ArrayList<>();
        for (Check check : Check.values()) {
            results.add(result(check));
        }
        return results;
    }

    private static Result result(Check check) {
        if (check == Check.DATABASE && secondsSinceLook() > OLDEST_LOOK.toSeconds()) {
            return new Result(check, false, "the tables have not been read for " + (long) secondsSinceLook() + " s");
        }
        return RESULTS.getOrDefault(check, new Result(check, false, "not looked at yet"));
    }

    private static double secondsSinceLook() {
        return (System.nanoTime() - lookedAt) / 1e9;
    }
}
