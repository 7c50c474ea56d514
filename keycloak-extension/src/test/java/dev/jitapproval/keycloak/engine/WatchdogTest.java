package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Watchdog watchdog = new Watchdog(Duration.ZERO);

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void interruptsWhoTakesTooLong() {
        try (Watchdog.Guard guard = watchdog.watch(SOON)) {
            assertThatThrownBy(() -> Thread.sleep(LONG.toMillis())).isInstanceOf(InterruptedException.class);
            assertThat(guard.hasFired()).isTrue();
        }
    }

    @Test
    void wakesForAWatchAfterARest() {
        for (int i = 0; i < 20; i++) {
            await(watchdog::isAsleep);
            interruptsWhoTakesTooLong();
        }
    }

    @Test
    void looksAtEachWatchByItsOwnLimit() throws InterruptedException {
        try (Watchdog.Guard patient = watchdog.watch(LONG)) {
            Thread other = new Thread(this::interruptsWhoTakesTooLong);
            other.start();
            other.join();
            assertThat(patient.hasFired()).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void aTimeoutThatComesWhileTheAnswerIsReadLeavesNoFlag() throws InterruptedException {
        long precision = Watchdog.PRECISION.toNanos();
        for (int i = 0; i < 300; i++) {
            try (Watchdog.Guard guard = watchdog.watch(Duration.ofNanos(i * 1_000))) {
                Thread.onSpinWait();
                // A third of them ends about when the watchdog looks.
                if (i % 3 == 0) {
                    await(guard::hasFired);
                }
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        // Whatever was still under way has gone off by now.
        Thread.sleep(4 * Duration.ofNanos(precision).toMillis());
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void onceClosedItWatchesNobodyNew() {
        try (Watchdog.Guard guard = watchdog.watch(SOON)) {
            watchdog.close();
            assertThatThrownBy(() -> watchdog.watch(LONG))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("closed");
            // Whom it watched already it watches still.
            await(guard::hasFired);
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
