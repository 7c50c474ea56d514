package dev.jitapproval.keycloak.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPathTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "/admin/realms/acme/users/42/groups/7",
        "admin/realms/acme/users/42/groups/7/",
        "//admin//realms/acme///users/42/groups/7",
        "/auth/admin/realms/acme/users/42/groups/7",
        "/admin/realms/acme;a=b/users;x/42;y=1/groups/7;",
        "/admin/realms/acme/%75sers/42/group%73/7",
        "/%61dmin/realms/acme/users/42/groups/7"
    })
    void isReadHoweverItIsWritten(String path) {
        assertThat(AdminPath.readings(path)).containsExactly(new AdminPath("acme", List.of("users", "42", "groups", "7")));
    }

    @Test
    void anEncodedSlashMayBePartOfANameOrNot_soThatBothAreLookedAt() {
        assertThat(AdminPath.readings("/admin/realms/acme/roles/a%2Fb/composites")).containsExactly(
                new AdminPath("acme", List.of("roles", "a/b", "composites")),
                new AdminPath("acme", List.of("roles", "a", "b", "composites")));
    }

    @Test
    void aRealmMayHaveAnyName() {
        assertThat(AdminPath.readings("/admin/realms/a%20b%3B1/users")).contains(new AdminPath("a b;1", List.of("users")));
        assertThat(AdminPath.readings("/admin/realms")).containsExactly(new AdminPath(null, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realms/acme/account", "/admin/acme/console", "/admin", "/", "/admin/serverinfo"})
    void whatIsNoCallOfTheAdminApiIsNone(String path) {
        assertThat(AdminPath.readings(path)).isEmpty();
    }
}
