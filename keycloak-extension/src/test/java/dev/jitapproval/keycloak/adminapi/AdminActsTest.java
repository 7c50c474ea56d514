package dev.jitapproval.keycloak.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.adminapi.AdminAct.When;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminActsTest {

    @ParameterizedTest
    @CsvSource({
        "POST, users/42/role-mappings/realm,                      admin-grant-role,       user",
        "POST, users/42/role-mappings/clients/7,                  admin-grant-role,       user",
        "POST, groups/42/role-mappings/realm,                     admin-grant-role,       group",
        "POST, organizations/1/groups/42/role-mappings/realm,     admin-grant-role,       group",
        "POST, roles/admin/composites,                            admin-grant-role,       role",
        "POST, roles-by-id/42/composites,                         admin-grant-role,       role",
        "POST, clients/7/roles/admin/composites,                  admin-grant-role,       role",
        "POST, clients/7/scope-mappings/realm,                    admin-grant-role,       client",
        "POST, client-scopes/7/scope-mappings/realm,              admin-grant-role,       client-scope",
        "PUT,  users/42/groups/7,                                 admin-join-group,       user",
        "PUT,  default-groups/7,                                  admin-join-group,       group",
        "POST, organizations/1/members,                           admin-join-group,       organization",
        "POST, organizations/1/members/invite-user,               admin-join-group,       organization",
        "PUT,  organizations/1/groups/7/members/42,               admin-join-group,       user",
        "POST, users/42/impersonation,                            admin-impersonate,      user",
        "PUT,  users/42/reset-password,                           admin-reset-credential, user",
        "PUT,  users/42/reset-password-email,                     admin-reset-credential, user",
        "PUT,  users/42/execute-actions-email,                    admin-reset-credential, user",
        "PUT,  users/42/disable-credential-types,                 admin-reset-credential, user",
        "DELETE, users/42/credentials/1,                          admin-reset-credential, user",
        "POST, users/42/credentials/1/moveToFirst,                admin-reset-credential, user",
        "POST, users/42/credentials/1/moveAfter/2,                admin-reset-credential, user",
        "POST, users/42/federated-identity/google,                admin-reset-credential, user",
        "GET,  clients/7/client-secret,                           admin-read-secret,      client",
        "HEAD, clients/7/client-secret,                           admin-read-secret,      client",
        "POST, clients/7/client-secret,                           admin-read-secret,      client",
        "GET,  clients/7/client-secret/rotated,                   admin-read-secret,      client",
        "GET,  clients/7/installation/providers/keycloak-oidc,    admin-read-secret,      client",
        "POST, clients/7/registration-access-token,               admin-read-secret,      client",
        "POST, clients/7/certificates/jwt.credential/download,    admin-read-secret,      client",
        "POST, clients/7/certificates/jwt.credential/generate-and-download, admin-read-secret, client",
        "POST, clients-initial-access,                            admin-read-secret,      client-registration",
        "POST, authentication/flows,                              admin-change-realm,     flow",
        "PUT,  authentication/flows/browser/executions,           admin-change-realm,     flow",
        "DELETE, authentication/executions/42,                    admin-change-realm,     flow",
        "PUT,  authentication/config/42,                          admin-change-realm,     flow",
        "PUT,  authentication/required-actions/jit-gate,          admin-change-realm,     required-action",
        "DELETE, authentication/required-actions/jit-gate,        admin-change-realm,     required-action",
        "POST, authentication/register-required-action,           admin-change-realm,     required-action",
        "PUT,  ui-ext,                                            admin-change-realm,     realm",
        "PUT,  users/profile,                                     admin-change-realm,     user-profile",
        "POST, components,                                        admin-change-realm,     component",
        "PUT,  client-policies/policies,                          admin-change-realm,     client-policy",
        "POST, clients,                                           admin-change-realm,     client",
        "PUT,  clients/7,                                         admin-change-realm,     client",
        "DELETE, clients/7,                                       admin-change-realm,     client",
        "POST, clients/7/protocol-mappers/models,                 admin-change-realm,     client",
        "POST, clients/7/certificates/jwt.credential/upload,      admin-change-realm,     client",
        "PUT,  clients/7/management/permissions,                  admin-change-realm,     client",
        "PUT,  groups/7/management/permissions,                   admin-change-realm,     group",
        "POST, identity-provider/instances/google/mappers,        admin-change-realm,     identity-provider",
        "PUT,  organizations/1,                                   admin-change-realm,     organization",
        "PUT,  events/config,                                     admin-change-realm,     events",
        "DELETE, admin-events,                                    admin-change-realm,     events",
        "POST, workflows,                                         admin-change-realm,     workflow",
        "POST, jit-approval/provision,                            admin-change-realm,     checkpoint",
        "put,  users/42/groups/7,                                 admin-join-group,       user"
    })
    void whatGuardsAndWhatGivesPowerIsAnAct(String method, String path, String action, String type) {
        assertThat(acts(method, path)).singleElement().satisfies(act -> {
            assertThat(act.action()).isEqualTo(action);
            assertThat(act.type()).isEqualTo(type);
            assertThat(act.when()).isEqualTo(When.ALWAYS);
        });
    }

    @Test
    void theRealmItselfAndTheMakingOfOne() {
        assertThat(AdminActs.of("PUT", new AdminPath("acme", List.of())))
                .containsExactly(AdminAct.of("admin-change-realm", "realm", "acme"));
        assertThat(AdminActs.of("DELETE", new AdminPath("acme", List.of()))).hasSize(1);
        assertThat(AdminActs.of("POST", new AdminPath(null, List.of()))).hasSize(1);
        assertThat(AdminActs.of("GET", new AdminPath("acme", List.of()))).isEmpty();
    }

    @Test
    void whatABodyMayHoldIsLookedAt() {
        assertThat(acts("POST", "users")).extracting(AdminAct::when).containsExactly(When.CREDENTIALS, When.GROUPS);
        assertThat(acts("PUT", "users/42")).extracting(AdminAct::when).containsExactly(When.CREDENTIALS_OR_IDENTITY);
        assertThat(acts("POST", "roles")).extracting(AdminAct::when).containsExactly(When.COMPOSITES);
        assertThat(acts("PUT", "clients/7/roles/x")).extracting(AdminAct::when).containsExactly(When.COMPOSITES_OR_NAME);
        assertThat(acts("PUT", "groups/5")).extracting(AdminAct::when).containsExactly(When.RENAMED);
        assertThat(acts("PUT", "localization/en/jitReviewDeny")).extracting(AdminAct::action).containsExactly(AdminAct.CHANGE_REALM);
        assertThat(acts("POST", "groups/7/children")).extracting(AdminAct::when).containsExactly(When.MOVED);
    }

    @Test
    void aPartialImportDoesEverythingAtOnce() {
        assertThat(acts("POST", "partialImport")).extracting(AdminAct::action).containsExactlyInAnyOrder(
                "admin-change-realm", "admin-grant-role", "admin-join-group", "admin-reset-credential");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET users", "GET users/42", "GET users/42/role-mappings", "DELETE users/42/role-mappings/realm", "DELETE users/42/groups/7",
        "POST users/42/logout", "PUT users/42/send-verify-email", "PUT users/42/credentials/1/userLabel", "GET clients", "GET clients/7",
        "OPTIONS clients/7/client-secret", "GET authentication/flows", "GET events", "POST logout-all", "DELETE sessions/1",
        "POST jit-approval/policies/1/activate", "POST jit-approval/requests/1/cancel", "GET jit-approval/doors", "POST partial-export"
    })
    void readingAndTakingAwayIsNone(String call) {
        String[] words = call.split(" ");
        assertThat(acts(words[0], words[1])).isEmpty();
    }

    private static List<AdminAct> acts(String method, String path) {
        return AdminActs.of(method, new AdminPath("acme", List.of(path.split("/"))));
    }
}
