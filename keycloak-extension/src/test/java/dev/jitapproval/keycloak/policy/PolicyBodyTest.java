package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PolicyBodyTest {

    @Test
    void takesTheSourceAsItWasSent() {
        String source = "\uFEFFname: ü\r\n\tx\n\n";

        assertThat(PolicyBody.yaml(body(source), " why ")).isEqualTo(new PolicyBody(source, "why"));
        assertThat(PolicyBody.json(body("{\"source\":\"a\\r\\n\\tb\\n\"}"))).isEqualTo(new PolicyBody("a\r\n\tb\n", null));
    }

    @Test
    void refusesWhatHasNoBytesOfItsOwn() {
        assertThatProblem(() -> PolicyBody.yaml(body(new byte[] {'a', (byte) 0xff}), null), ProblemType.INVALID_BODY);
        assertThatProblem(() -> PolicyBody.json(body("{\"source\":\"\\ud800\"}")), ProblemType.INVALID_BODY);
        assertThatProblem(() -> PolicyBody.json(body("{\"comment\":\"no source\"}")), ProblemType.INVALID_BODY);
    }

    @Test
    void countsTheBytesOfASource() {
        String most = "ü".repeat(PolicyBody.MAX_SOURCE / 2);

        assertThat(PolicyBody.yaml(body(most), null).source()).isEqualTo(most);
        assertThatProblem(() -> PolicyBody.yaml(body(most + "x"), null), ProblemType.BODY_TOO_LARGE);
    }

    @Test
    void keepsACommentShortAndPrintable() {
        assertThat(PolicyBody.remark("one\u0000\u001b[31m\ntwo\t")).isEqualTo("one[31m\ntwo");
        assertThat(PolicyBody.remark(" \n")).isNull();
        assertThat(PolicyBody.remark("x".repeat(PolicyBody.MAX_COMMENT))).hasSize(PolicyBody.MAX_COMMENT);
        assertThatProblem(() -> PolicyBody.remark("x".repeat(PolicyBody.MAX_COMMENT + 1)), ProblemType.COMMENT_TOO_LONG);
    }

    @Test
    void theDocumentSaysHowLongACommentMayBe() throws IOException {
        JsonNode document = new YAMLMapper().readTree(new File("../docs/openapi.yaml"));
        JsonNode schemas = document.at("/components/schemas");
        for (String schema : List.of("PolicySource", "Remark")) {
            assertThat(schemas.at("/" + schema + "/properties/comment/maxLength").asInt()).as(schema).isEqualTo(PolicyBody.MAX_COMMENT);
        }
        for (String call : List.of("rollback", "{version}/activate")) {
            JsonNode sent = document.path("paths").path("/admin/realms/{realm}/jit-approval/policies/" + call).at("/post/requestBody");
            assertThat(sent.findValuesAsText("$ref")).as(call).containsExactly("#/components/schemas/Remark");
        }
    }

    private static void assertThatProblem(ThrowingCallable call, ProblemType type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static Body body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Body body(byte[] bytes) {
        return Body.of(new ByteArrayInputStream(bytes), PolicyBody.MAX_BODY);
    }
}
