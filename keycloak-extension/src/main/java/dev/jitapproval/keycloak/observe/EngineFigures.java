package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.EngineException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Locale;

/** How long the engine takes, and how it fails. */
public final class EngineFigures {

    /** A decision used up its budget. The engine answers, and the answer is a denial. */
    static final String BUDGET = "budget";

    private static final String INVALID_CONTEXT = "invalid_context";

    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000), Duration.ofNanos(250_000), Duration.ofNanos(500_000), Duration.ofMillis(1),
        Duration.ofNanos(2_500_000), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250)
    };

    private EngineFigures() {}

    /** The same engine; each call of each operation is timed, and each failure counted. */
    public static Engine observe(Engine engine) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (self, operation, arguments) -> call(engine, operation, arguments));
    }

    private static Object call(Engine engine, Method operation, Object[] arguments) throws Throwable {
        long start = System.nanoTime();
        try {
            return operation.invoke(engine, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof EngineException failure) {
                failed(operation.getName(), kind(failure));
            }
            throw thrown.getCause();
        } finally {
            Timer.builder("jit.engine.call.duration").description("Time of one call of the policy engine")
                    .tag("op", operation.getName()).serviceLevelObjectives(BUCKETS).register(Metrics.globalRegistry)
                    .record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Counts a failure. */
    static void failed(String operation, String kind) {
        Counter.builder("jit.engine.failures").description("Calls of the policy engine without a usable answer, by kind")
                .tag("op", operation).tag("kind", kind).register(Metrics.globalRegistry).increment();
    }

    private static String kind(EngineException failure) {
        return INVALID_CONTEXT.equals(failure.code()) ? INVALID_CONTEXT : failure.kind().name().toLowerCase(Locale.ROOT);
    }
}
