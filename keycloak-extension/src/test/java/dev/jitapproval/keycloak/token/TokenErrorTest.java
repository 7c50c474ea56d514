package dev.jitapproval.keycloak.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.junit.jupiter.api.Test;

class TokenErrorTest {

    private static final URI STATUS = URI.create("https://kc.example/realms/demo/jit-approval/requests/r1");

    @Test
    void saysNoMoreThanItKnows() throws JsonProcessingException {
        assertThat(json(TokenError.denied("denied by policy")))
                .isEqualTo("{\"error\":\"access_denied\",\"error_description\":\"denied by policy\"}");
    }

    @Test
    void namesTheRequestThatIsWaitedFor() throws JsonProcessingException {
        assertThat(json(TokenError.held("approval is needed", "r1", STATUS)))
                .isEqualTo("{\"error\":\"interaction_required\",\"error_description\":\"approval is needed\",\"jit_request\":\"r1\","
                        + "\"jit_status_uri\":\"" + STATUS + "\",\"interval\":5}");
        assertThat(json(TokenError.denied("it is denied", "r1", STATUS))).contains("access_denied", "\"jit_request\":\"r1\"");
    }

    @Test
    void challengesOnlyForAStrongerAuthentication() {
        assertThat(TokenError.stepUp("a stronger authentication is required", "gold").challenge())
                .isEqualTo("Bearer error=\"insufficient_user_authentication\","
                        + " error_description=\"a stronger authentication is required\", acr_values=\"gold\"");
        assertThat(TokenError.denied("no").challenge()).isNull();
    }

    @Test
    void keepsALevelOutOfTheHeaderThatWouldEndItsQuotes() {
        assertThat(TokenError.stepUp("more", "a\", realm=\"b").challenge()).doesNotContain("acr_values").doesNotContain("realm");
        assertThat(TokenError.stepUp("more", "2\r\nSet-Cookie: a=b").challenge()).doesNotContain("Cookie");
    }

    private static String json(TokenError error) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsString(error);
    }
}
