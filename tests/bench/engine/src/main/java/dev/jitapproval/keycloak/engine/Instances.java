package dev.jitapproval.keycloak.engine;

import java.util.function.UnaryOperator;
import run.endive.runtime.Instance;

/** What the benchmarks need of this package: one instance of the module, without the pool and the typed operations. */
public final class Instances {

    private Instances() {}

    /** As the extension makes it. */
    public static UnaryOperator<byte[]> flatMemory() {
        return EngineInstance.create()::call;
    }

    /** With the memory that Endive gives a module by itself. */
    public static UnaryOperator<byte[]> stockMemory() {
        return EngineInstance.of(Instance.builder(PolicyModule.load()).withMachineFactory(PolicyModule::create).build())::call;
    }
}
