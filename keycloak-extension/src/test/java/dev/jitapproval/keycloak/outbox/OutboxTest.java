package dev.jitapproval.keycloak.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.outbox.spi.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final OutboxFixture outbox = new OutboxFixture();

    @AfterEach
    void close() {
        outbox.close();
    }

    @Test
    void aMessageIsDeliveredOnceAndKeptWithoutItsPayload() {
        List<String> delivered = new CopyOnWriteArrayList<>();
        outbox.handler = message -> Delivery.outside(() -> delivered.add(message.key() + " " + message.payload()));
        outbox.put("a");
        outbox.send();
        outbox.send();
        assertThat(delivered).containsExactly("a {\"for\":\"a\"}");
        assertThat(outbox.only(OutboxState.DONE).message().payload()).isEmpty();
        assertThat(outbox.told).containsExactly(OutboxState.DONE);
    }

    @Test
    void aSecondMessageWithTheSameKeyIsNone() {
        outbox.put("a");
        outbox.put("a");
        assertThat(outbox.due()).hasSize(1);
        outbox.send();
        outbox.put("a");
        assertThat(outbox.due()).isEmpty();
    }

    @Test
    void aMessageThatIsToWaitIsNotDeliveredBefore() {
        List<String> delivered = new CopyOnWriteArrayList<>();
        outbox.handler = message -> Delivery.outside(() -> delivered.add(message.key()));
        outbox.put(new OutboxMessage("a", OutboxFixture.REALM, "test", "request-1", "{}", Duration.ofSeconds(10)));
        outbox.put("b");
        outbox.send();
        outbox.pass(Duration.ofMillis(9_999));
        outbox.send();
        assertThat(delivered).containsExactly("b");
        outbox.pass(Duration.ofMillis(1));
        outbox.send();
        assertThat(delivered).containsExactly("b", "a");
    }

    @Test
    void whatTakesTimeOnTheNetworkHappensOutsideOfTheTransaction() {
        List<Boolean> inTransaction = new CopyOnWriteArrayList<>();
        outbox.handler = message -> {
            inTransaction.add(outbox.inTransaction());
            return Delivery.outside(() -> inTransaction.add(outbox.inTransaction()));
        };
        outbox.put("a");
        outbox.send();
        assertThat(inTransaction).containsExactly(true, false);
    }

    @Test
    void aFailureIsTriedAgainLaterAndLaterAndThenTheMessageIsDead() {
        outbox.handler = message -> Delivery.outside(() -> {
            throw new IllegalStateException("could not send", new java.io.IOException("Connection refused"));
        });
        outbox.put("a");
        outbox.send();
        OutboxRow first = outbox.only(OutboxState.PENDING);
        assertThat(first.lastError()).isEqualTo("Connection refused");
        assertThat(first.nextAttemptAt()).isEqualTo(outbox.now().plusSeconds(2));
        assertThat(outbox.due()).isEmpty();

        outbox.pass(Duration.ofSeconds(2));
        outbox.send();
        assertThat(outbox.only(OutboxState.PENDING).nextAttemptAt()).isEqualTo(outbox.now().plusSeconds(4));

        outbox.pass(Duration.ofSeconds(4));
        outbox.send();
        OutboxRow dead = outbox.only(OutboxState.DEAD);
        assertThat(dead.attempts()).isEqualTo(3);
        assertThat(dead.lastError()).isEqualTo("Connection refused");
        assertThat(dead.message().payload()).isNotEmpty();
        assertThat(outbox.told).containsExactly(OutboxState.PENDING, OutboxState.PENDING, OutboxState.DEAD);

        outbox.pass(Duration.ofDays(1));
        assertThat(outbox.due()).isEmpty();
    }

    @Test
    void aDeadMessageThatIsRedrivenHasAllItsAttemptsAgain() {
        outbox.handler = message -> {
            throw new IllegalStateException("away");
        };
        outbox.put("a");
        for (int attempt = 0; attempt < OutboxFixture.MOST_ATTEMPTS; attempt++) {
            outbox.send();
            outbox.pass(Duration.ofHours(1));
        }
        OutboxRow dead = outbox.only(OutboxState.DEAD);
        assertThat(outbox.redrive("another realm", dead)).isFalse();
        assertThat(outbox.redriveDead(OutboxFixture.REALM, "another kind")).isZero();
        assertThat(outbox.redriveDead(OutboxFixture.REALM, "test")).isOne();
        outbox.send();
        assertThat(outbox.only(OutboxState.PENDING).attempts()).isOne();

        outbox.handler = message -> Delivery.done();
        outbox.pass(Duration.ofHours(1));
        outbox.send();
        assertThat(outbox.only(OutboxState.DONE).lastError()).isNull();
        assertThat(outbox.redrive(OutboxFixture.REALM, dead)).isFalse();
    }

    @Test
    void aSkippedMessageSaysWhyAndIsNotTriedAgain() {
        outbox.handler = message -> Delivery.skipped("the realm has no mail settings");
        outbox.put("a");
        outbox.send();
        OutboxRow skipped = outbox.only(OutboxState.SKIPPED);
        assertThat(skipped.lastError()).isEqualTo("the realm has no mail settings");
        outbox.pass(Duration.ofDays(1));
        assertThat(outbox.due()).isEmpty();
        assertThat(outbox.redrive(OutboxFixture.REALM, skipped)).isTrue();
        assertThat(outbox.due()).hasSize(1);
    }

    @Test
    void aServerThatEndsBetweenCommitAndSendLosesNothing() {
        outbox.put("a");
        OutboxRow row = outbox.due().get(0);
        outbox.run(store -> store.claim(row, "a server that ends", outbox.now().plus(Attempt.CLAIM), outbox.now()));
        outbox.send();
        assertThat(outbox.only(OutboxState.PENDING).attempts()).isOne();

        outbox.pass(Attempt.CLAIM);
        outbox.send();
        assertThat(outbox.only(OutboxState.DONE).attempts()).isEqualTo(2);
    }

    @Test
    void aMessageDuringWhichTheServerEndsEveryTimeIsDeadInTheEnd() {
        outbox.put("a");
        for (int attempt = 0; attempt < OutboxFixture.MOST_ATTEMPTS; attempt++) {
            OutboxRow row = outbox.due().get(0);
            outbox.run(store -> store.claim(row, "a server that ends", outbox.now().plus(Attempt.CLAIM), outbox.now()));
            outbox.pass(Attempt.CLAIM);
        }
        outbox.send();
        assertThat(outbox.only(OutboxState.DEAD).lastError()).contains("the server ended");
    }

    @Test
    void ofSendersWhoOverlapOneDelivers() throws Exception {
        AtomicInteger delivered = new AtomicInteger();
        outbox.handler = message -> Delivery.outside(delivered::incrementAndGet);
        for (int i = 0; i < 20; i++) {
            outbox.put("message-" + i);
        }
        List<OutboxRow> seenByAll = outbox.due();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> senders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Attempt attempt = outbox.attempt("sender-" + i);
            senders.add(outbox.threads.submit(() -> {
                start.await();
                seenByAll.forEach(attempt::at);
                return null;
            }));
        }
        start.countDown();
        for (Future<?> sender : senders) {
            sender.get();
        }
        assertThat(delivered).hasValue(20);
        assertThat(outbox.rows(OutboxState.DONE)).hasSize(20).allMatch(row -> row.attempts() == 1);
    }

    @Test
    void whoLostTheClaimBeforeTheCommitRollsBackWhatWasBegun() {
        outbox.handler = message -> {
            if (message.key().equals("cause")) {
                // Meanwhile the claim ran out, and another sender took the row.
                outbox.pass(Attempt.CLAIM);
                OutboxRow late = outbox.only(OutboxState.PENDING);
                outbox.handler = other -> Delivery.done();
                outbox.attempt("faster").at(late);
            }
            return Delivery.done();
        };
        outbox.put("cause");
        outbox.attempt("slow").at(outbox.due().get(0));
        assertThat(outbox.only(OutboxState.DONE).attempts()).isEqualTo(2);
    }

    @Test
    void aRealmWhoseServerHangsHoldsUpNoOther() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch othersServed = new CountDownLatch(3);
        outbox.handler = message -> Delivery.outside(() -> {
            if (message.realmId().equals("hanging")) {
                hanging.await();
            } else {
                othersServed.countDown();
            }
        });
        outbox.put("stuck", "hanging");
        outbox.put("a");
        outbox.put("b");
        Future<?> round = outbox.threads.submit(() -> outbox.round("sender").run());
        // What is stored while the round runs is seen by it.
        outbox.put("c");
        outbox.news.release();
        othersServed.await();
        assertThat(round.isDone()).isFalse();
        hanging.countDown();
        round.get();
        assertThat(outbox.count("hanging")).isEqualTo(Map.of(OutboxState.DONE, 1L));
    }

    @Test
    void theSenderStopsBeginningMessagesWhenItsRoundIsOver() {
        outbox.handler = message -> Delivery.outside(() -> outbox.pass(Round.LONGEST));
        outbox.put("a");
        outbox.put("b");
        outbox.send();
        assertThat(outbox.count(OutboxFixture.REALM))
                .isEqualTo(Map.of(OutboxState.DONE, 1L, OutboxState.PENDING, 1L));
    }

    @Test
    void theLagIsTheAgeOfTheOldestMessageThatWaits() {
        assertThat(outbox.lag()).isEqualTo(Duration.ZERO);
        outbox.put("a");
        outbox.pass(Duration.ofMinutes(3));
        outbox.put("b");
        assertThat(outbox.lag()).isEqualTo(Duration.ofMinutes(3));
        assertThat(outbox.lag(OutboxFixture.REALM)).isEqualTo(Duration.ofMinutes(3));
        assertThat(outbox.lag("another realm")).isEqualTo(Duration.ZERO);
    }

    @Test
    void aRemovedRealmTakesItsMessagesAlongAndFinishedOnesAreForgotten() {
        outbox.put("a");
        outbox.send();
        outbox.put("b");
        outbox.put("c", "another realm");
        assertThat(outbox.forgetFinished()).isZero();
        outbox.pass(Duration.ofDays(8));
        assertThat(outbox.forgetFinished()).isOne();
        outbox.removeRealm(OutboxFixture.REALM);
        assertThat(outbox.due()).extracting(row -> row.message().key()).containsExactly("c");
    }

    @Test
    void aMailServersWordsAreOneHarmlessLine() {
        outbox.handler = message -> {
            throw new IllegalStateException("550\r\nno\0 such\u202E user " + "x".repeat(5_000));
        };
        outbox.put("a");
        outbox.send();
        assertThat(outbox.only(OutboxState.PENDING).lastError()).startsWith("550 no such user x").hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void waitsDoubleUpToTheLongestAndJitterOnlyShortensThem() {
        Retries calm = new Retries(20, Duration.ofMinutes(15), () -> 0);
        assertThat(calm.waitAfter(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(calm.waitAfter(9)).isEqualTo(Duration.ofSeconds(512));
        assertThat(calm.waitAfter(10)).isEqualTo(Duration.ofMinutes(15));
        assertThat(calm.waitAfter(1_000)).isEqualTo(Duration.ofMinutes(15));
        Retries hasty = new Retries(20, Duration.ofMinutes(15), () -> 1);
        assertThat(hasty.waitAfter(1)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(calm.again(19)).isTrue();
        assertThat(calm.again(20)).isFalse();
    }

    @Test
    void aKeyThatTheDatabaseWouldCutIsRefused() {
        assertThatThrownBy(() -> new OutboxMessage("k".repeat(256), "r", "test", null, "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 characters");
    }
}
