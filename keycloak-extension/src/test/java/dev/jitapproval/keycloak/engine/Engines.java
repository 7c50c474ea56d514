package dev.jitapproval.keycloak.engine;

import java.time.Duration;

/** Real engines for tests; patient, because a test machine may be busy. */
public final class Engines {

    private Engines() {}

    public static WasmEngine fresh() {
        return new WasmEngine(2, Duration.ofSeconds(10));
    }

    static WasmEngine with(int poolSize, Duration timeout) {
        return new WasmEngine(poolSize, timeout);
    }
}
