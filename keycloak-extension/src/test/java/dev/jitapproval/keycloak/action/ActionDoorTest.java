package dev.jitapproval.keycloak.action;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionDoorTest {

    @ParameterizedTest
    @CsvSource({
        "/realms/acme/protocol/openid-connect/token, true",
        "realms/acme/protocol/openid-connect/token, true",
        "/realms/acme/protocol/openid-connect/token/, true",
        "/realms/acme/protocol/openid-connect/token//, true",
        "/realms/acme/protocol/openid-connect/token;a=b, true",
        "/auth/realms/acme/protocol/openid-connect/token, true",
        "/realms/acme/protocol/openid-connect/auth, false",
        "/realms/acme/login-actions/required-action, false",
        "/realms/acme/login-actions/authenticate, false",
        "/realms/acme/protocol/saml, false",
    })
    void thePasswordGrantIsKnownHoweverItsAddressIsWritten(String path, boolean tokenEndpoint) {
        assertEquals(tokenEndpoint, ActionDoor.isTokenEndpoint(path));
    }
}
