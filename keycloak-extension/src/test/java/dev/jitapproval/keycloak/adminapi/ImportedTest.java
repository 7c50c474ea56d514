package dev.jitapproval.keycloak.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.adminapi.Imported.Part;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportedTest {

    @Test
    void whoeverIsGivenARoleIsATargetOfTheirOwn() throws Exception {
        assertThat(parts("""
                {
                  "ifResourceExists": "SKIP",
                  "users": [{ "username": "Eve", "realmRoles": [" vault "], "clientRoles": { "app": ["boss"] } }],
                  "groups": [{ "name": "a", "subGroups": [{ "name": "b", "realmRoles": ["below"] }] }],
                  "roles": {
                    "realm": [{ "name": "plain", "composites": { "realm": ["inner"], "client": { "app": ["part"] } } }, { "name": "alone" }],
                    "client": { "app": [{ "name": "own", "composites": { "realm": ["of-client"] } }] }
                  }
                }"""))
                .containsExactly(
                        new Part("admin-grant-role", new Target("user", "eve", "eve"), given("role", "app/boss", "vault")),
                        new Part("admin-grant-role", new Target("group", "/a/b", "/a/b"), given("role", "below")),
                        new Part("admin-grant-role", new Target("role", "plain", "plain"), given("role", "app/part", "inner")),
                        new Part("admin-grant-role", new Target("role", "app/own", "app/own"), given("role", "of-client")));
    }

    @Test
    void whatIsThereHasTheNameThatTheRealmKnows() throws Exception {
        assertThat(parts("""
                {
                  "users": [{ "username": "ALICE", "groups": ["operators"] }],
                  "clients": [{ "clientId": "console", "enabled": false }]
                }"""))
                .containsExactly(
                        new Part("admin-join-group", new Target("user", "id-alice", "alice"), given("group", "/operators")),
                        new Part("admin-reset-credential", new Target("user", "id-alice", "alice"), fields("email")),
                        new Part("admin-change-realm", new Target("client", "id-console", "console"), fields("clientId", "enabled")));
    }

    @Test
    void whoIsFoundByTheirMailIsReplacedAsWell() throws Exception {
        assertThat(parts("{ \"users\": [{ \"username\": \"mallory\", \"email\": \"alice@example.com\" }] }"))
                .containsExactly(new Part("admin-reset-credential", new Target("user", "id-alice", "alice"), fields("email")));
    }

    @Test
    void waysInAreCredentials() throws Exception {
        assertThat(parts("""
                { "users": [{ "username": "eve", "credentials": [{ "type": "otp" }, {}], "federatedIdentities": [{ "identityProvider": "x" }] }] }"""))
                .containsExactly(new Part(
                        "admin-reset-credential", new Target("user", "eve", "eve"), fields("identity-provider", "otp", "password")));
    }

    /** Keycloak sets a password wherever there is a value, and takes links by the name that they once had. */
    @Test
    void waysInAreWhatKeycloakTakesThemFor() throws Exception {
        assertThat(parts("""
                { "users": [{ "username": "eve", "credentials": [{ "type": "otp", "value": "x" }], "socialLinks": [{ "socialProvider": "x" }] }] }"""))
                .containsExactly(new Part("admin-reset-credential", new Target("user", "eve", "eve"), fields("identity-provider", "password")));
    }

    @Test
    void moreThanTheDatabaseShouldBeAskedForIsRefused() {
        String users = IntStream.rangeClosed(0, 1_000).mapToObj(i -> "{}").collect(Collectors.joining(","));
        assertThatThrownBy(() -> parts("{ \"users\": [" + users + "] }")).isInstanceOf(Problem.class);
    }

    @Test
    void providersTheirMappersAndWhatIsUnknownAreSettings() throws Exception {
        assertThat(parts("""
                {
                  "identityProviders": [{ "alias": "google" }],
                  "identityProviderMappers": [{ "identityProviderAlias": "google", "config": {} }],
                  "components": {}
                }"""))
                .containsExactly(
                        new Part("admin-change-realm", new Target("identity-provider", "google", "google"), fields("alias")),
                        new Part("admin-change-realm", new Target("identity-provider", "google", "google"),
                                fields("config", "identityProviderAlias")),
                        new Part("admin-change-realm", new Target("realm", "partialImport", null), fields("components")));
    }

    @Test
    void whatIsNoListGivesNothing() throws Exception {
        assertThat(parts("{ \"users\": \"eve\", \"roles\": [], \"groups\": null }")).isEmpty();
        assertThat(parts("null")).isEmpty();
    }

    @Test
    void moreThanSomebodyCanReadIsRefused() {
        String roles = IntStream.rangeClosed(0, 100).mapToObj(i -> "\"r" + i + "\"").collect(Collectors.joining(","));
        assertThatThrownBy(() -> parts("{ \"users\": [{ \"username\": \"eve\", \"realmRoles\": [" + roles + "] }] }"))
                .isInstanceOf(Problem.class);
    }

    private static List<Part> parts(String json) throws Exception {
        return Imported.parts(new ObjectMapper().readTree(json), new Realm());
    }

    private static Change given(String field, String... values) {
        return new Change(List.of(field), null, Map.of(field, List.of(values)));
    }

    private static Change fields(String... names) {
        return new Change(List.of(names), null, null);
    }

    /** With alice, the group /operators and the client console. */
    private static final class Realm implements Imported.Existing {

        @Override
        public Optional<Target> user(String username, String email) {
            boolean isAlice = username.equalsIgnoreCase("alice") || email.equals("alice@example.com");
            return isAlice ? Optional.of(new Target("user", "id-alice", "alice")) : Optional.empty();
        }

        @Override
        public Optional<Target> group(String path) {
            return path.endsWith("operators") ? Optional.of(new Target("group", "id-operators", "/operators")) : Optional.empty();
        }

        @Override
        public Optional<Target> role(String client, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Target> client(String clientId) {
            return clientId.equals("console") ? Optional.of(new Target("client", "id-console", "console")) : Optional.empty();
        }
    }
}
