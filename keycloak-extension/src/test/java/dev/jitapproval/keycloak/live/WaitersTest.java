package dev.jitapproval.keycloak.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.live.Waiters.Heard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitersTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final Waiters waiters = new Waiters(2, 3);

    @Test
    void everybodyWhoWaitsForTheRequestIsWokenAndNobodyElse() {
        var one = waiters.await("a", LONG).orElseThrow();
        var two = waiters.await("a", LONG).orElseThrow();
        var other = waiters.await("b", LONG).orElseThrow();
        waiters.wake("a");
        assertThat(one).isCompletedWithValue(Heard.NEWS);
        assertThat(two).isCompletedWithValue(Heard.NEWS);
        assertThat(other).isNotDone();
        assertThat(waiters.count()).isEqualTo(1);
    }

    @Test
    void waitingEnds() {
        assertThat(waiters.await("a", Duration.ofMillis(1)).orElseThrow().join()).isEqualTo(Heard.NOTHING);
        // The thread that ends the wait takes the entry out after it has told.
        while (waiters.count() > 0) {
            Thread.onSpinWait();
        }
        assertThat(waiters.await("a", LONG)).isPresent();
    }

    @Test
    void noMoreThanTheBoundsSayWait() {
        assertThat(waiters.await("a", LONG)).isPresent();
        assertThat(waiters.await("a", LONG)).isPresent();
        assertThat(waiters.await("a", LONG)).isEmpty();
        assertThat(waiters.await("b", LONG)).isPresent();
        assertThat(waiters.await("c", LONG)).isEmpty();
        waiters.wake("a");
        assertThat(waiters.await("c", LONG)).isPresent();
        waiters.wakeAll();
        assertThat(waiters.count()).isZero();
    }

    @Test
    void newsOfARequestThatNobodyWaitsForIsNoTrouble() {
        waiters.wake("nobody");
        assertThat(waiters.count()).isZero();
    }

    @Test
    void oneThatIsGivenUpMakesRoom() {
        var waiter = waiters.await("a", LONG).orElseThrow();
        waiter.completeExceptionally(new CompletionException("gone", null));
        assertThat(waiters.count()).isZero();
    }

    @Test
    void nothingIsLostOrLeftOverWhereManyComeAndGoAtOnce() {
        Waiters many = new Waiters(1_000, 10_000);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> runs = IntStream.range(0, 8)
                    .mapToObj(run -> CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 500; i++) {
                                    var waiter = many.await("r" + i % 5, LONG).orElseThrow();
                                    many.wake("r" + i % 5);
                                    assertThat(waiter.join()).isEqualTo(Heard.NEWS);
                                }
                            },
                            threads))
                    .toList();
            runs.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        assertThat(many.count()).isZero();
    }
}
