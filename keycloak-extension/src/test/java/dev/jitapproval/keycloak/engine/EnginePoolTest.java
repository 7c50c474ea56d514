package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.engine.EngineException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EnginePoolTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] VERSION = Wire.request("version", "{}");

    private final EnginePool pool = new EnginePool(1, Duration.ofMillis(100));

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void reusesAnInstanceThatAnsweredWell() {
        askVersion();
        askVersion();

        assertThat(pool.idleCount()).isEqualTo(1);
    }

    @Test
    void anErrorAnswerKeepsTheInstance() {
        byte[] answer = pool.run(lease -> lease.call(LONG, "no JSON".getBytes(StandardCharsets.UTF_8)));

        assertThat(Wire.answer(answer).error().code()).isEqualTo("bad_json");
        assertThat(pool.idleCount()).isEqualTo(1);
    }

    @Test
    void cutsWorkThatTakesTooLongAndRecovers() {
        askVersion();
        byte[] endless = Policies.loadOfManyRules();

        long begun = System.nanoTime();
        assertThatThrownBy(() -> pool.run(lease -> lease.call(Duration.ofMillis(20), endless)))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
                .hasMessageContaining("20 ms");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(took).isLessThan(Duration.ofSeconds(2));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(pool.idleCount()).as("the instance that was cut is thrown away").isZero();
        askVersion();
    }

    @Test
    void anInterruptThatWasThereBeforeIsThereAfterwards() {
        Thread.currentThread().interrupt();
        try {
            askVersion();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void saysClearlyThatNoInstanceIsFree() throws InterruptedException {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread other = new Thread(() -> pool.run(lease -> {
            holding.countDown();
            return await(done);
        }));
        other.start();
        assertThat(holding.await(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(this::askVersion)
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.EXHAUSTED))
                .hasMessageContaining("pool-size");

        done.countDown();
        other.join();
        askVersion();
    }

    @Test
    void aStackThatIsTooSmallCostsOneCall() throws InterruptedException {
        // As long as the JVM interprets, the reserve is so large that the engine may find enough in it.
        for (int round = 0; round < 50 && (round == 0 || pool.idleCount() > 0); round++) {
            List<Kind> kinds = nearTheEndOfTheStack(Policies.loadOfDeepNesting(), () -> pool.idleCount() == 0);
            assertThat(kinds).isNotEmpty().containsOnly(Kind.TRAP);
        }
        assertThat(pool.idleCount()).as("the engine's own stack ran out").isZero();
        askVersion();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aStackThatEndsNearALockLeavesItAsItWas() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            List<Kind> kinds = nearTheEndOfTheStack(VERSION, () -> false);

            assertThat(kinds).isNotEmpty().containsOnly(Kind.TRAP);
            askVersion();
        }
    }

    /**
     * Calls the engine at the very end of a small stack, and at each level above, until a call succeeds or what is looked for has come
     * about.
     *
     * @return how the calls failed
     */
    private List<Kind> nearTheEndOfTheStack(byte[] request, BooleanSupplier found) throws InterruptedException {
        // Made and used once before, because where the stack ends the JVM could not link it.
        EnginePool.Work<byte[]> work = lease -> lease.call(LONG, request);
        pool.run(work);
        List<Kind> kinds = new ArrayList<>();
        Thread small = new Thread(null, () -> descend(work, found, kinds), "small", 512 * 1024);
        small.start();
        small.join();
        return kinds;
    }

    private boolean descend(EnginePool.Work<byte[]> work, BooleanSupplier found, List<Kind> kinds) {
        try {
            if (descend(work, found, kinds)) {
                return true;
            }
        } catch (StackOverflowError e) {
            // Here is where it ends.
        }
        try {
            pool.run(work);
            return true;
        } catch (EngineException e) {
            kinds.add(e.kind());
            return found.getAsBoolean();
        }
    }

    @Test
    void preparesEveryInstanceOnceAlsoThoseThatAreLent() throws Exception {
        try (EnginePool two = new EnginePool(2, LONG)) {
            CountDownLatch holding = new CountDownLatch(2);
            CountDownLatch done = new CountDownLatch(1);
            List<Thread> borrowers = Stream.generate(() -> new Thread(() -> two.run(lease -> {
                        holding.countDown();
                        return await(done);
                    })))
                    .limit(2)
                    .toList();
            borrowers.forEach(Thread::start);
            assertThat(holding.await(10, TimeUnit.SECONDS)).isTrue();
            AtomicInteger prepared = new AtomicInteger();

            two.onEachInstance(Duration.ofMillis(1), lease -> prepared.incrementAndGet());
            assertThat(prepared).as("both are lent").hasValue(0);

            Thread preparing = new Thread(() -> two.onEachInstance(LONG, lease -> prepared.incrementAndGet()));
            preparing.start();
            done.countDown();
            for (Thread borrower : borrowers) {
                borrower.join();
            }
            preparing.join();
            assertThat(prepared).hasValue(2);
            assertThat(two.idleCount()).isEqualTo(2);
        }
    }

    @Test
    void anInstanceThatCannotBePreparedIsThrownAway() {
        askVersion();

        pool.onEachInstance(LONG, lease -> lease.call(Duration.ofMillis(20), Policies.loadOfManyRules()));

        assertThat(pool.idleCount()).isZero();
        askVersion();
    }

    private void askVersion() {
        byte[] answer = pool.run(lease -> lease.call(LONG, VERSION));
        assertThat(Wire.answer(answer).as(EngineVersion.class).abi()).isEqualTo(EngineInstance.ABI_VERSION);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
