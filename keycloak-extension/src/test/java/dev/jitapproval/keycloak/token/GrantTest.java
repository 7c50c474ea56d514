package dev.jitapproval.keycloak.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

    @ParameterizedTest
    @CsvSource({
        "password,direct-grant",
        "client_credentials,client-credentials",
        "refresh_token,token-refresh",
        "urn:ietf:params:oauth:grant-type:token-exchange,token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer,jwt-grant"
    })
    void isAnActionOfThePolicy(String type, String action) {
        assertThat(Grant.judgedAtTheEnd(type)).map(Grant::action).contains(action);
    }

    /** Each of these was judged before, where somebody could be asked; judged again, one approval would not be enough. */
    @ParameterizedTest
    @ValueSource(strings = {
        "authorization_code",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:openid:params:grant-type:ciba",
        "urn:ietf:params:oauth:grant-type:uma-ticket"
    })
    void isNotJudgedTwice(String type) {
        assertThat(Grant.judgedAtTheEnd(type)).isEmpty();
    }

    @Test
    void isNoneWhereTokensAreMadeWithoutTheTokenEndpoint() {
        assertThat(Grant.judgedAtTheEnd(null)).isEmpty();
    }
}
