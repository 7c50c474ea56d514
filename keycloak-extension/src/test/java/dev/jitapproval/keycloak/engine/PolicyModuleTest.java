package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import run.endive.wasm.WasmModule;

class PolicyModuleTest {

    @Test
    void importsNothing() {
        assertThat(PolicyModule.load().importSection().importCount())
                .as("a decision must be a pure function of policy and context")
                .isZero();
    }

    @Test
    void exportsTheAbi() {
        WasmModule module = PolicyModule.load();
        List<String> names = IntStream.range(0, module.exportSection().exportCount())
                .mapToObj(i -> module.exportSection().getExport(i).name())
                .toList();

        assertThat(names).contains("memory", "jit_abi_version", "jit_alloc", "jit_free", "jit_call");
    }

    @Test
    void answersItsVersion() {
        try (WasmEngine engine = Engines.fresh()) {
            assertThat(engine.version().abi()).isEqualTo(EngineInstance.ABI_VERSION);
            assertThat(engine.version().schema()).isEqualTo(1);
            assertThat(engine.version().engine()).matches("\\d+\\.\\d+\\.\\d+.*");
        }
    }
}
