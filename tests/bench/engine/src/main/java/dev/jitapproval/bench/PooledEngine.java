package dev.jitapproval.bench;

import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import dev.jitapproval.keycloak.engine.WasmEngine;
import java.time.Duration;
import java.util.Locale;

/** The engine as the extension calls it: through the pool, under the watchdog, with the answer as a record. */
final class PooledEngine implements Contender {

    private final WasmEngine engine = new WasmEngine(1, Duration.ofSeconds(10));
    private final String source;
    private final String hash;

    PooledEngine(Case rules) {
        source = rules.policy();
        try {
            hash = engine.load(source, "bench.yaml").hash();
        } catch (PolicyInvalidException | EngineException e) {
            engine.close();
            throw new RefusedException(e.getMessage());
        }
    }

    @Override
    public Object decide(Case.Step step) {
        return engine.decide(hash, source, step.context());
    }

    @Override
    public Verdict verdict(Object decision) {
        Decision it = (Decision) decision;
        return new Verdict(it.effect().name().toLowerCase(Locale.ROOT), it.rule());
    }

    @Override
    public void close() {
        engine.close();
    }
}
