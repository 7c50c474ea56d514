package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    private static final String VERSION = "{\"abi\":1,\"engine\":\"0.1.0\",\"schema\":1}";

    @Test
    void readsWhatWasAskedFor() {
        Wire.Answer answer = answer("{\"ok\":" + VERSION + "}");

        assertThat(answer.error()).isNull();
        assertThat(answer.as(EngineVersion.class).engine()).isEqualTo("0.1.0");
    }

    @Test
    void readsAnError() {
        Wire.Answer answer = answer("{\"error\":{\"code\":\"too_large\",\"message\":\"it is\"}}");

        assertThat(answer.isError("too_large")).isTrue();
        assertThatThrownBy(() -> answer.as(EngineVersion.class))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo("too_large"))
                .hasMessageContaining("it is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"ko\":{}}",
                "{\"ok\"",
                "{\"ok\":}",
                "{\"ok\":null}",
                "{\"ok\":7}",
                "{\"ok\":" + VERSION,
                "{\"ok\":" + VERSION + "}}",
                "{\"ok\":" + VERSION + "}{}",
                "{\"ok\":" + VERSION + ",\"error\":{\"code\":\"internal\",\"message\":\"\"}}",
                "{\"error\":{\"code\":\"internal\",\"message\":\"\"},\"ok\":" + VERSION + "}",
                "{\"error\":{\"code\":7}}",
                "{\"error\":\"internal\"}",
                "{\"error\":{\"code\":\"internal\"}",
            })
    void anAnswerThatIsNoneIsAnErrorOfTheEngine(String text) {
        assertThatThrownBy(() -> answer(text).as(EngineVersion.class))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isNull())
                .hasMessageStartingWith("the policy engine's answer");
    }

    @Test
    void quotesWhatJsonHasASignFor() throws IOException {
        String text = "a\"b\\c\n\t\u0000\u001f\u007f\u2028é\uD83D\uDE00</script>";

        assertThat(new JsonMapper().readTree(Wire.quote(text)).textValue()).isEqualTo(text);
        assertThat(Wire.quote("\u0000\n")).isEqualTo("\"\\u0000\\n\"");
        assertThat(Wire.quote("")).isEqualTo("\"\"");
    }

    private static Wire.Answer answer(String text) {
        return Wire.answer(text.getBytes(StandardCharsets.UTF_8));
    }
}
