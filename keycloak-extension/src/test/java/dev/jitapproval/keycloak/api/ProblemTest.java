package dev.jitapproval.keycloak.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {

    @Test
    void hasTheMembersOfRfc9457AndItsOwn() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode body = mapper.readTree(Problem.body(
                ProblemType.SELF_APPROVAL, "It is yours.", "/realms/acme/x", mapper.createObjectNode().put("stage", "manager/one")));

        assertThat(body.get("type").textValue()).isEqualTo("tag:jit-approval.dev,2026:problem/self_approval");
        assertThat(body.get("title").textValue()).isNotBlank();
        assertThat(body.get("status").intValue()).isEqualTo(403);
        assertThat(body.get("detail").textValue()).isEqualTo("It is yours.");
        assertThat(body.get("instance").textValue()).isEqualTo("/realms/acme/x");
        assertThat(body.get("code").textValue()).isEqualTo("self_approval");
        assertThat(body.get("stage").textValue()).isEqualTo("manager/one");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/admin/realms/acme/jit-approval", "/admin/realms/acme/jit-approval/status", "/admin/realms/a%20b/jit-approval/requests/x",
        "/realms/acme/jit-approval/me/inbox", "/realms/acme/jit-approval/requests/1/approve", "/realms/acme/jit-approval/nothing",
        "realms/acme/jit-approval/me/requests", "/realms/acme/jit-approval/reviewers"
    })
    void isTheFormOfEveryErrorOfTheApis(String path) {
        assertThat(ProblemFilter.isApi(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/realms/acme/jit-approval/review/1", "/realms/acme/jit-approval/inbox", "/realms/acme/jit-approval/ended",
        "/realms/acme/jit-approval/status", "/realms/acme/protocol/openid-connect/token", "/admin/realms/acme/users",
        "/admin/realms/acme/jit-approvals", "/x/admin/realms/acme/jit-approval", "/admin/realms/a/b/jit-approval"
    })
    void leavesPagesAndTheRestOfKeycloakAlone(String path) {
        assertThat(ProblemFilter.isApi(path)).isFalse();
    }
}
