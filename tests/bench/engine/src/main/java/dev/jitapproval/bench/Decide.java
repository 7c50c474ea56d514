package dev.jitapproval.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How long a whole decision takes. tests/bench/engine.js names the cases and contenders, and gives each fork its turn.
 *
 * <p>Beside JMH's time by the wall, the thread's own CPU time is kept: on a machine that others use as well it says more.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Decide {

    private static final int LOADS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Param("1")
    public String rules;

    @Param("wasm")
    public String contender;

    private Case it;
    private Contender decider;
    private Case.Step[] steps;
    private int next;
    private long firstLoad;
    private long cpuBefore;
    private long decisions;
    private final List<Double> cpuOfDecisions = new ArrayList<>();

    @Setup
    public void load() throws IOException {
        it = Case.named(rules);
        long begin = System.nanoTime();
        decider = Contenders.load(contender, it);
        firstLoad = System.nanoTime() - begin;
        it.verify(decider);
        steps = it.steps().toArray(Case.Step[]::new);
    }

    @Setup(Level.Iteration)
    public void beginIteration() {
        decisions = 0;
        cpuBefore = THREADS.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void endIteration() {
        cpuOfDecisions.add((double) (THREADS.getCurrentThreadCpuTime() - cpuBefore) / decisions);
    }

    @Benchmark
    public Object decide() {
        decisions++;
        Case.Step step = steps[next];
        next = (next + 1) % steps.length;
        return decider.decide(step);
    }

    /** Loads the same rules again, now that the JVM is warm, and leaves all that JMH does not know where {@code jit.bench.notes} says. */
    @TearDown
    public void loadAgain() throws IOException {
        decider.close();
        long[] loads = new long[LOADS];
        for (int i = 0; i < LOADS; i++) {
            long begin = System.nanoTime();
            Contender again = Contenders.load(contender, it);
            loads[i] = System.nanoTime() - begin;
            again.close();
        }
        Arrays.sort(loads);
        Files.writeString(
                Path.of(System.getProperty("jit.bench.notes")),
                "{\"cpu\":" + cpuOfDecisions + ",\"load\":{\"first\":" + firstLoad + ",\"warm\":" + loads[LOADS / 2] + "}}");
    }
}
