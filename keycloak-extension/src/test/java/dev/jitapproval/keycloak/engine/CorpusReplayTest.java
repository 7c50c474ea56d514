package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every case of the corpus, through the engine that is in the jar: the same bytes as native Rust. */
class CorpusReplayTest {

    private static final Path REPLAY = Path.of(System.getProperty("jit.corpus"));
    private static final int FEWEST = 1_000;

    @Test
    void answersTheSameBytesAsNativeRust() throws IOException {
        if (!Files.isRegularFile(REPLAY)) {
            fail("There is no corpus to replay at " + REPLAY.toAbsolutePath().normalize()
                    + ". It is written by the Rust tests: run `./jit corpus` in the repository's root.");
        }
        ObjectMapper mapper = new ObjectMapper();
        List<String> differences = new ArrayList<>();
        int cases = 0;
        try (WasmEngine engine = Engines.fresh()) {
            for (String line : Files.readAllLines(REPLAY)) {
                JsonNode step = mapper.readTree(line);
                byte[] answer = engine.exchange(
                        step.required("request").textValue().getBytes(StandardCharsets.UTF_8));
                String expected = step.required("answer").textValue();
                String actual = new String(answer, StandardCharsets.UTF_8);
                if (!actual.equals(expected)) {
                    differences.add(step.required("case").asText() + "\n  native: " + expected + "\n  JVM:    " + actual);
                }
                cases++;
            }
        }
        assertThat(differences).isEmpty();
        assertThat(cases).as("cases in the corpus").isGreaterThanOrEqualTo(FEWEST);
    }
}
