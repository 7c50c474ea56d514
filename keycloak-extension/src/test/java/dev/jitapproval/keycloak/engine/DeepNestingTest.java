package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input as deep as somebody may care to send, on a thread with half of a usual stack: an error, and the instance lives on. And the deepest
 * that the bounds of docs/policy-reference.md let in: it is decided on such a thread.
 */
class DeepNestingTest {

    private static final int STACK = 512 * 1024;
    private static final int DEPTH = 20_000;

    static Stream<Arguments> deepInput() {
        return Stream.of(
                Arguments.of("parentheses", policy("(".repeat(DEPTH) + "true" + ")".repeat(DEPTH))),
                Arguments.of("a long sum", policy("1" + "+1".repeat(DEPTH) + " > 0")),
                Arguments.of("negations", policy("!".repeat(DEPTH) + "true")),
                Arguments.of("list literals", policy("[".repeat(DEPTH) + "]".repeat(DEPTH) + " == []")),
                Arguments.of("conditionals", policy("true ? true : ".repeat(DEPTH) + "true")),
                Arguments.of("selections", policy("user" + ".attributes".repeat(DEPTH) + " == 1")),
                Arguments.of("a regex", policy("user.username.matches(\"" + "(".repeat(DEPTH) + ")".repeat(DEPTH) + "\")")),
                Arguments.of("YAML flow sequences", Policies.load("name: " + "[".repeat(DEPTH))),
                Arguments.of("YAML block mappings", Policies.load(blockMappings())),
                Arguments.of("JSON of the context", context("[".repeat(DEPTH) + "]".repeat(DEPTH))),
                Arguments.of("JSON of the envelope", "[".repeat(DEPTH).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deepInput")
    void isAnErrorAndNoTrap(String what, byte[] request) {
        try (EnginePool pool = new EnginePool(1, Duration.ofSeconds(10))) {
            Wire.Answer answer = onSmallStack(
                    () -> Wire.answer(pool.run(lease -> lease.call(Duration.ofSeconds(30), request))));

            assertThat(answer.error()).as(what).isNotNull();
            assertThat(pool.idleCount()).as("the instance is as good as before").isEqualTo(1);
        }
    }

    static Stream<Arguments> deepestInput() {
        String holds = "user.username == \"alice\"";
        return Stream.of(
                Arguments.of("40 brackets", policy("(".repeat(39) + holds + ")".repeat(39))),
                Arguments.of("64 levels", policy("1" + "+1".repeat(62) + " < user.username.size() + 100")),
                Arguments.of("40 branches", policy("user.federated ? false : ".repeat(39) + holds)),
                Arguments.of("loops in loops", policy("[1].all(a, [a].all(b, [b].all(c, [c].all(d, d == 1 && " + holds + "))))")),
                Arguments.of("levels of values", policy("[".repeat(30) + "user.username" + "]".repeat(30) + " != []")),
                Arguments.of("128 levels through variables", throughVariables()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deepestInput")
    void isDecidedWhereItIsLetIn(String what, byte[] load) {
        try (EnginePool pool = new EnginePool(1, Duration.ofSeconds(10))) {
            Decision decision = onSmallStack(() -> pool.run(lease -> {
                Wire.Answer loaded = Wire.answer(lease.call(Duration.ofSeconds(30), load));
                assertThat(loaded.error()).as(what).isNull();
                String hash = loaded.as(LoadedPolicy.class).hash();
                String body = "{\"policy\":" + Wire.quote(hash) + ",\"context\":" + Contexts.login("203.0.113.7") + "}";
                return Wire.answer(lease.call(Duration.ofSeconds(30), Wire.request("decide", body))).as(Decision.class);
            }));

            assertThat(decision.effect()).as(what).isEqualTo(Effect.DENY);
            assertThat(decision.rule()).isEqualTo("r");
            assertThat(decision.errors()).isEmpty();
        }
    }

    private static byte[] throughVariables() {
        return Policies.load("apiVersion: jit-approval.dev/v1\nname: deep\nvariables:\n  one: 1" + "+1".repeat(60) + "\n  two: one"
                + "+1".repeat(60) + "\nrules:\n  - { id: r, on: [login], when: 'two > user.username.size()', effect: deny }\n");
    }

    private static byte[] policy(String when) {
        return Policies.load("apiVersion: jit-approval.dev/v1\nname: deep\nrules:\n  - id: r\n    on: [login]\n    effect: deny\n"
                + "    when: >-\n      " + when + "\n");
    }

    private static String blockMappings() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            yaml.append(" ".repeat(i)).append("a:\n");
        }
        return yaml.toString();
    }

    private static byte[] context(String json) {
        return Wire.request("decide", "{\"policy\":\"sha256:" + "0".repeat(64) + "\",\"context\":" + json + "}");
    }

    private static <T> T onSmallStack(Supplier<T> work) {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, () -> result.set(work.get()), "small-stack", STACK);
        thread.setUncaughtExceptionHandler((dead, thrown) -> failure.set(thrown));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failure.get() != null) {
            throw new AssertionError("the engine did not answer", failure.get());
        }
        return result.get();
    }
}
