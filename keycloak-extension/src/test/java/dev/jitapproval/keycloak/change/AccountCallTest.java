package dev.jitapproval.keycloak.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.change.AccountCall.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountCallTest {

    @ParameterizedTest
    @CsvSource({
        "DELETE, /realms/demo/account/credentials/42, DELETE_CREDENTIAL",
        "DELETE, realms/demo/account/credentials/42, DELETE_CREDENTIAL",
        "DELETE, //realms//demo//account//v1alpha1//credentials//42/, DELETE_CREDENTIAL",
        "DELETE, /realms/demo;a=b/account;c/credentials;d=e/42;f, DELETE_CREDENTIAL",
        "DELETE, /auth/realms/demo/account/v1/linked-accounts/42, UNLINK",
        "GET, /realms/demo/account/linked-accounts/42, LINK_ADDRESS",
        "GET, /realms/demo/broker/42/link, LINK",
        "GET, /realms/demo/broker//42;a=b//link/, LINK",
        "GET, /realms/demo/broker/42/link;a=b, LINK",
        "HEAD, /realms/demo/broker/42/link, LINK",
        "HEAD, /realms/demo/account/linked-accounts/42, LINK_ADDRESS",
    })
    void isFoundHoweverItIsWritten(String method, String path, Kind kind) {
        assertThat(AccountCall.of(method, path)).contains(new AccountCall(kind, "demo", "42"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET /realms/demo/account/credentials/42",
        "PUT /realms/demo/account/credentials/42/label",
        "GET /realms/demo/account/linked-accounts",
        "GET /realms/demo/account/linked-accounts/",
        "DELETE /realms/demo/account/sessions/42",
        "GET /realms/demo/broker/42/login",
        "GET /realms/demo/broker/42/endpoint",
        "GET /realms/demo/broker/42/linked",
        "OPTIONS /realms/demo/broker/42/link",
    })
    void anythingElseIsLeftAlone(String request) {
        String[] parts = request.split(" ");
        assertThat(AccountCall.of(parts[0], parts[1])).isEmpty();
    }
}
