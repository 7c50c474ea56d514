package dev.jitapproval.keycloak.risk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Asks signals about one attempt. None of them can hold up a login for longer than {@link #LIMIT}, nor make it fail: what one that fails
 * or is late would have said is absent, and reading what is absent denies unless the policy says otherwise.
 */
final class SignalPanel {

    /** How long all signals together may take that do not only compute. */
    static final Duration LIMIT = Duration.ofMillis(500);

    private static final Logger LOG = Logger.getLogger(SignalPanel.class);
    private static final int MOST_THREADS = 32;
    private static final ThreadPoolExecutor WORKERS = new ThreadPoolExecutor(
            0, MOST_THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons());

    private final Failures failures;
    private final Duration limit;

    SignalPanel(Failures failures, Duration limit) {
        this.failures = failures;
        this.limit = limit;
    }

    /**
     * A signal of the panel.
     *
     * @param id its factory's id
     * @param raises whether it fills {@code risk.signals}
     * @param computesOnly whether it is asked on this very thread
     */
    record Member(String id, boolean raises, boolean computesOnly, RiskSignal signal) {}

    /** Is told of a signal that gave no answer. */
    interface Failures {
        /** @param why {@code failed}, {@code late} or {@code busy} */
        void count(String id, String why);
    }

    private record Asked(Member member, Future<Findings> answer) {}

    Findings ask(List<Member> members, Attempt attempt) {
        long deadline = System.nanoTime() + limit.toNanos();
        Findings all = new Findings();
        boolean silent = false;
        List<Asked> asked = new ArrayList<>();
        for (Member member : members) {
            if (!member.computesOnly()) {
                try {
                    asked.add(new Asked(member, WORKERS.submit(() -> assess(member, attempt))));
                } catch (RejectedExecutionException e) {
                    silent |= silent(member, "busy", null);
                }
            }
        }
        for (Member member : members) {
            if (member.computesOnly()) {
                try {
                    all.add(assess(member, attempt));
                } catch (RuntimeException e) {
                    silent |= silent(member, "failed", e);
                }
            }
        }
        for (Asked one : asked) {
            try {
                all.add(one.answer().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                one.answer().cancel(true);
                silent |= silent(one.member(), "late", null);
            } catch (ExecutionException e) {
                silent |= silent(one.member(), "failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                one.answer().cancel(true);
                silent |= silent(one.member(), "late", null);
            }
        }
        if (silent) {
            all.withoutSignals();
        }
        return all;
    }

    private static Findings assess(Member member, Attempt attempt) {
        Findings findings = new Findings();
        if (member.raises()) {
            findings.looked();
        }
        member.signal().assess(attempt, findings);
        return findings;
    }

    /** @return whether {@code risk.signals} lacks something by it */
    private boolean silent(Member member, String why, Throwable cause) {
        LOG.warnf(cause, "The risk signal %s gave no answer (%s): what it tells is absent from this decision", member.id(), why);
        failures.count(member.id(), why);
        return member.raises();
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "jit-risk-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
