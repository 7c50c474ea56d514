package dev.jitapproval.bench;

import dev.jitapproval.keycloak.engine.Instances;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Those that run on the JVM, by name. */
public final class Contenders {

    private static final Map<String, Function<Case, Contender>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("wasm", it -> new EngineCall(Instances.flatMemory(), it));
        ALL.put("wasm-stock-memory", it -> new EngineCall(Instances.stockMemory(), it));
        ALL.put("extension", PooledEngine::new);
        ALL.put("cel-java-legacy", it -> new CelJava(CelJava.Runtime.LEGACY, it, false));
        ALL.put("cel-java-legacy-indexed", it -> new CelJava(CelJava.Runtime.LEGACY, it, true));
        ALL.put("cel-java-planner", it -> new CelJava(CelJava.Runtime.PLANNER, it, false));
        ALL.put("cel-java-planner-indexed", it -> new CelJava(CelJava.Runtime.PLANNER, it, true));
    }

    private Contenders() {}

    /**
     * @throws IllegalArgumentException if there is none of this name
     * @throws Contender.RefusedException if it does not take the case
     */
    public static Contender load(String name, Case rules) {
        Function<Case, Contender> factory = ALL.get(name);
        if (factory == null) {
            throw new IllegalArgumentException("there is no contender " + name + "; there are " + ALL.keySet());
        }
        return factory.apply(rules);
    }
}
