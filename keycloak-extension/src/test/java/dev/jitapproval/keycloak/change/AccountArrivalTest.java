package dev.jitapproval.keycloak.change;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountArrivalTest {

    @Test
    void isTheEndOfAChangeThatTheConsoleKnowsNothingOf() {
        assertThat(arriving("GET", "/realms/acme/account/", "kc_action_status", "code")).contains("acme");
        assertThat(arriving("GET", "realms/acme/account", "kc_action_status")).contains("acme");
    }

    @Test
    void isNothingElse() {
        assertThat(arriving("GET", "/realms/acme/account/")).isEmpty();
        assertThat(arriving("GET", "/realms/acme/account/", "code")).isEmpty();
        assertThat(arriving("GET", "/realms/acme/account/", "kc_action_status", "state")).isEmpty();
        assertThat(arriving("POST", "/realms/acme/account/", "kc_action_status")).isEmpty();
        assertThat(arriving("GET", "/realms/acme/account/credentials", "kc_action_status")).isEmpty();
        assertThat(arriving("GET", "/realms/acme/other/account/", "kc_action_status")).isEmpty();
    }

    private static Optional<String> arriving(String method, String path, String... parameters) {
        MultivaluedHashMap<String, String> query = new MultivaluedHashMap<>();
        for (String parameter : parameters) {
            query.add(parameter, "x");
        }
        return AccountArrival.arriving(method, path, query);
    }
}
