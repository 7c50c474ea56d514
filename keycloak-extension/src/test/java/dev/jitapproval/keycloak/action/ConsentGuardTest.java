package dev.jitapproval.keycloak.action;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentGuardTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "/realms/a/login-actions/consent",
        "/auth/realms/a/login-actions/consent/",
        "/realms/a/login-actions/consent;a=b",
        "realms/a/login-actions//consent",
        "/realms//a/login-actions/consent",
        "/realms/a;x/login-actions;x/consent"
    })
    void knowsTheConsentHoweverItIsWritten(String path) {
        assertThat(ConsentGuard.consentIn("POST", path)).contains("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/realms/consent/login-actions/authenticate",
        "/realms/a/login-actions/required-action",
        "/realms/a/account/applications/b/consent"
    })
    void leavesOtherRequestsAlone(String path) {
        assertThat(ConsentGuard.consentIn("POST", path)).isEmpty();
    }

    @Test
    void theRealmMayBeCalledRealms() {
        assertThat(ConsentGuard.consentIn("POST", "/realms/realms/login-actions/consent")).contains("realms");
    }

    @Test
    void onlyAPostConsents() {
        assertThat(ConsentGuard.consentIn("GET", "/realms/a/login-actions/consent")).isEmpty();
    }
}
