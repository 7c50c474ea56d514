package dev.jitapproval.keycloak.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTest {

    record Shown(String digest, String stage) {}

    record Form(@JsonProperty(required = true) Shown shown, String comment, boolean loud) {}

    @Test
    void readsMembersInSnakeCase() {
        record Code(String matchCode) {}
        assertThat(body("{\"match_code\": \"K7Q-4MX\"}").as(Code.class).matchCode()).isEqualTo("K7Q-4MX");
    }

    @Test
    void anEmptyBodyIsAnEmptyObjectOnlyWhereTheCallSaysSo() {
        record Optional(String comment) {}
        assertThat(body("").asOptional(Optional.class).comment()).isNull();
        assertThat(problem("").type()).isEqualTo(ProblemType.INVALID_BODY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{                                           | MALFORMED_JSON",
        "nonsense                                    | MALFORMED_JSON",
        "{\"comment\": \"a\", \"comment\": \"b\"}    | MALFORMED_JSON",
        "{\"shown\": {}} {}                          | INVALID_BODY",
        "null                                        | INVALID_BODY",
        "[]                                          | INVALID_BODY",
        "\"text\"                                    | INVALID_BODY",
        "{}                                          | INVALID_BODY",
        "{\"shown\": {}, \"comment\": 5}             | INVALID_BODY",
        "{\"shown\": {}, \"comment\": true}          | INVALID_BODY",
        "{\"shown\": {}, \"comment\": [\"a\"]}       | INVALID_BODY",
        "{\"shown\": {}, \"loud\": \"true\"}         | INVALID_BODY",
        "{\"shown\": []}                             | INVALID_BODY",
    })
    void refusesWhatIsNotTheForm(String json, ProblemType type) {
        assertThat(problem(json).type()).isEqualTo(type);
    }

    @Test
    void saysWhichMemberIsUnknownAndWhichOneWasMeant() {
        assertThat(problem("{\"shown\": {\"digst\": \"x\"}}"))
                .hasMessageContaining("`/shown/digst`")
                .hasMessageContaining("`digest`");
    }

    @Test
    void tellsNoNamesOfClasses() {
        assertThat(problem("[]").getMessage()).doesNotContain("BodyTest").doesNotContain("java.");
        assertThat(problem("{\"shown\": 5}").getMessage()).doesNotContain("BodyTest").doesNotContain("java.");
    }

    @Test
    void refusesDepth() {
        String deep = "{\"tree\":" + "[".repeat(1_000);
        record Tree(JsonNode tree) {}
        assertThat(catchThrowableOfType(Problem.class, () -> body(deep).as(Tree.class)).type())
                .isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] latin = "{\"comment\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        Body body = Body.of(new ByteArrayInputStream(latin), Body.SMALL);
        assertThat(catchThrowableOfType(Problem.class, () -> body.as(Form.class)).type()).isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @Test
    void refusesWhatIsTooLarge() {
        ByteArrayInputStream large = new ByteArrayInputStream(new byte[11]);
        assertThat(catchThrowableOfType(Problem.class, () -> Body.of(large, 10)).type()).isEqualTo(ProblemType.BODY_TOO_LARGE);
    }

    private static Body body(String json) {
        return Body.of(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), Body.SMALL);
    }

    private static Problem problem(String json) {
        return catchThrowableOfType(Problem.class, () -> body(json).as(Form.class));
    }
}
