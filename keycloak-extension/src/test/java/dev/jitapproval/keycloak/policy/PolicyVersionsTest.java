package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import dev.jitapproval.keycloak.engine.WasmEngine;
import dev.jitapproval.keycloak.policy.PolicyVersions.Put;
import dev.jitapproval.keycloak.policy.PolicyVersions.Switched;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyVersionsTest {

    private static final WasmEngine ENGINE = Engines.fresh();
    private static final String REALM = "realm-1";
    private static final Author EDITH = new Author("id-edith", "edith");
    private static final Author ADAM = new Author("id-adam", "adam");
    private static final Consumer<Optional<ActivePolicy>> ANY = active -> {};

    private final HistoryDatabase database = new HistoryDatabase();
    private final List<String> switched = new ArrayList<>();
    private final PolicyVersions versions =
            new PolicyVersions(database, ENGINE, Optional.empty(), switched::add, Clock.systemUTC());

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @Test
    void countsFromOneForEachRealm() {
        assertThat(put("a").version().number()).isEqualTo(1);
        assertThat(put("b").version().number()).isEqualTo(2);
        assertThat(versions.put("realm-2", Sources.named("a"), EDITH, null).version().number()).isEqualTo(1);

        PolicyVersion second = versions.version(REALM, 2).orElseThrow();
        assertThat(second.name()).isEqualTo("b");
        assertThat(second.author()).isEqualTo(EDITH);
        assertThat(second.comment()).isEqualTo("about b");
        assertThat(second.hash()).startsWith("sha256:");
        assertThat(versions.source(second)).isEqualTo(Sources.named("b"));
        assertThat(versions.versions(REALM, Long.MAX_VALUE, 10)).extracting(PolicyVersion::number).containsExactly(2L, 1L);
        assertThat(versions.versions(REALM, 2, 10)).extracting(PolicyVersion::number).containsExactly(1L);
        assertThat(versions.active(REALM)).isEmpty();
    }

    @Test
    void theBytesOfTheNewestVersionAreNoNewVersion() {
        put("a");
        Put again = versions.put(REALM, Sources.named("a"), ADAM, "the same");
        assertThat(again.created()).isFalse();
        assertThat(again.version().number()).isEqualTo(1);
        assertThat(again.version().author()).isEqualTo(EDITH);

        put("b");
        assertThat(put("a").version().number()).as("not the newest any more").isEqualTo(3);
    }

    @Test
    void whatIsInvalidIsNotStored() {
        assertThatThrownBy(() -> versions.put(REALM, Sources.BROKEN, EDITH, null))
                .isInstanceOfSatisfying(PolicyInvalidException.class, e -> assertThat(e.diagnostics())
                        .anySatisfy(found -> {
                            assertThat(found.code()).isEqualTo("unknown-field");
                            assertThat(found.line()).isEqualTo(6);
                            assertThat(found.help()).contains("roles");
                        }));
        assertThat(versions.versions(REALM, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void activatesAndGoesBack() {
        put("a");
        put("b");
        Switched first = activate(1);
        assertThat(first.changed()).isTrue();
        assertThat(first.active().activation().seq()).isEqualTo(1);
        assertThat(activate(2).active().activation().seq()).isEqualTo(2);

        ActivePolicy back = versions.rollback(REALM, EDITH, "too strict", ANY).active();
        assertThat(back.version().number()).isEqualTo(1);
        assertThat(back.activation()).satisfies(last -> {
            assertThat(last.kind()).isEqualTo(Activation.Kind.ROLLBACK);
            assertThat(last.actor()).isEqualTo(EDITH);
            assertThat(last.comment()).isEqualTo("too strict");
        });
        assertThat(versions.active(REALM)).contains(back);
        assertThat(versions.activations(REALM, Long.MAX_VALUE, 10))
                .extracting(Activation::version).containsExactly(1L, 2L, 1L);
        assertThat(switched).containsExactly(REALM, REALM, REALM);
        assertThatThrownBy(() -> versions.rollback(REALM, EDITH, null, ANY))
                .isInstanceOf(PolicyConflictException.class).hasMessageContaining("before version 1");
    }

    @Test
    void whatIsActiveAlreadyIsNotActivatedAgain() {
        put("a");
        activate(1);

        Switched again = activate(1);

        assertThat(again.changed()).isFalse();
        assertThat(again.active().activation().seq()).isEqualTo(1);
        assertThat(versions.activations(REALM, Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(switched).hasSize(1);
    }

    @Test
    void thereIsNothingToGoBackToWhereNothingWasActive() {
        put("a");

        assertThatThrownBy(() -> versions.rollback(REALM, ADAM, null, ANY))
                .isInstanceOf(PolicyConflictException.class).hasMessageContaining("ever");
        assertThatThrownBy(() -> activate(2)).isInstanceOf(NoSuchElementException.class).hasMessageContaining("2");
    }

    @Test
    void aPreconditionSeesWhatIsActiveAndStopsTheSwitch() {
        put("a");
        put("b");
        activate(1);

        assertThatThrownBy(() -> versions.activate(REALM, 2, ADAM, null, active -> {
            throw new IllegalArgumentException("active is " + active.orElseThrow().version().number());
        })).hasMessage("active is 1");

        assertThat(versions.active(REALM).orElseThrow().version().number()).isEqualTo(1);
    }

    @Test
    void filesAsTheOnlySourceRefuseEveryChange() {
        PolicyVersions files = new PolicyVersions(
                database, ENGINE, Optional.of(Path.of("conf", "policies")), switched::add, Clock.systemUTC());

        assertThatThrownBy(() -> files.put(REALM, Sources.named("a"), EDITH, null))
                .isInstanceOf(PolicyConflictException.class).hasMessageContaining("policies-dir");
        assertThatThrownBy(() -> files.activate(REALM, 1, ADAM, null, ANY)).isInstanceOf(PolicyConflictException.class);
        assertThatThrownBy(() -> files.rollback(REALM, ADAM, null, ANY)).isInstanceOf(PolicyConflictException.class);
        assertThat(files.validate(Sources.named("a")).name()).isEqualTo("a");
    }

    @Test
    void twelveWhoPutAtOnceGetTwelveNumbers() throws Exception {
        List<Put> done = atOnce(IntStream.range(0, 12)
                .<Callable<Put>>mapToObj(i -> () -> versions.put(REALM, Sources.named("p" + i), EDITH, null))
                .toList());

        assertThat(done).extracting(put -> put.version().number())
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
        assertThat(versions.versions(REALM, Long.MAX_VALUE, 100)).hasSize(12);
    }

    @Test
    void twelveWhoPutTheSameAtOnceMakeOneVersion() throws Exception {
        List<Put> done = atOnce(IntStream.range(0, 12)
                .<Callable<Put>>mapToObj(i -> () -> versions.put(REALM, Sources.named("same"), EDITH, null))
                .toList());

        assertThat(done).filteredOn(Put::created).hasSize(1);
        assertThat(done).allMatch(put -> put.version().number() == 1);
    }

    @Test
    void twelveWhoActivateAtOnceAreAllInTheHistory() throws Exception {
        IntStream.range(0, 12).forEach(i -> put("p" + i));

        List<Switched> done = atOnce(LongStream.rangeClosed(1, 12)
                .<Callable<Switched>>mapToObj(number -> () -> versions.activate(REALM, number, ADAM, null, ANY))
                .toList());

        assertThat(done).allMatch(Switched::changed);
        assertThat(versions.activations(REALM, Long.MAX_VALUE, 100)).extracting(Activation::seq)
                .containsExactlyElementsOf(LongStream.iterate(12, seq -> seq - 1).limit(12).boxed().toList());
        assertThat(versions.activations(REALM, Long.MAX_VALUE, 100)).extracting(Activation::version)
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
    }

    @Test
    void ofTwelveRollbacksAtOnceEachGoesOneFurther() throws Exception {
        IntStream.range(0, 13).forEach(i -> {
            put("p" + i);
            activate(i + 1);
        });

        List<Switched> done = atOnce(IntStream.range(0, 12)
                .<Callable<Switched>>mapToObj(i -> () -> versions.rollback(REALM, ADAM, null, ANY))
                .toList());

        assertThat(done).extracting(switched -> switched.active().version().number())
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
        assertThat(versions.active(REALM).orElseThrow().version().number()).isEqualTo(1);
    }

    @Test
    void aRealmThatIsRemovedLeavesNothing() {
        put("a");
        activate(1);
        versions.put("realm-2", Sources.named("a"), EDITH, null);

        database.removeRealm(REALM);

        assertThat(versions.versions(REALM, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(versions.active(REALM)).isEmpty();
        assertThat(versions.source(versions.version("realm-2", 1).orElseThrow())).contains("name: a");
    }

    private Put put(String name) {
        return versions.put(REALM, Sources.named(name), EDITH, "about " + name);
    }

    private Switched activate(long number) {
        return versions.activate(REALM, number, ADAM, null, ANY);
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<T>> running = tasks.stream()
                    .map(task -> threads.submit(() -> {
                        start.await();
                        return task.call();
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
