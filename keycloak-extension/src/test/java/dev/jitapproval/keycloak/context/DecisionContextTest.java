package dev.jitapproval.keycloak.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionContextTest {

    @Test
    void writesEveryFieldUnderItsNameInTheSchema() throws Exception {
        DecisionContext context = new DecisionContext(
                "login",
                Instants.ofMillis(1_764_000_000_123L),
                new DecisionContext.Realm("demo"),
                new DecisionContext.Flow("browser"),
                new DecisionContext.Client("prod-console", "Production Console", true, Map.of("tier", List.of("prod"))),
                new DecisionContext.User(
                        "u-1", "alice", "alice@demo.example", true, List.of("dev"), Map.of("app", List.of("boss")),
                        List.of("/security"), Map.of("manager", List.of("bob")), Instants.ofMillis(0), false, false),
                new DecisionContext.Request("192.0.2.7", "Firefox", List.of("openid"), List.of("2"), Map.of("accept-language", "de-CH")),
                new DecisionContext.Session(List.of("pwd"), "1", Instants.ofSeconds(60), true, false, 1),
                new DecisionContext.Risk(Map.of("failed_logins", 3)),
                new DecisionContext.Change(
                        List.of("email"), Map.of("email", List.of("b@example.org")), Map.of("email", List.of("a@example.org"))),
                new DecisionContext.Target("user", "u-2", "bob"));

        assertThat(context.toJson()).isEqualTo(new ObjectMapper().readTree("""
                {
                  "action": "login", "now": "2025-11-24T16:00:00.123Z",
                  "realm": { "name": "demo" }, "flow": { "alias": "browser" },
                  "client": { "id": "prod-console", "name": "Production Console", "public": true, "attributes": { "tier": ["prod"] } },
                  "user": {
                    "id": "u-1", "username": "alice", "email": "alice@demo.example", "email_verified": true, "roles": ["dev"],
                    "client_roles": { "app": ["boss"] }, "groups": ["/security"], "attributes": { "manager": ["bob"] },
                    "created_at": "1970-01-01T00:00:00.000Z", "federated": false, "service_account": false },
                  "request": {
                    "ip": "192.0.2.7", "user_agent": "Firefox", "scopes": ["openid"], "acr_values": ["2"],
                    "headers": { "accept-language": "de-CH" } },
                  "session": { "amr": ["pwd"], "acr": "1", "started_at": "1970-01-01T00:01:00.000Z", "sso": true, "impersonated": false },
                  "risk": { "failed_logins": 3 },
                  "change": {
                    "fields": ["email"], "before": { "email": ["b@example.org"] }, "after": { "email": ["a@example.org"] } },
                  "target": { "type": "user", "id": "u-2", "name": "bob" }
                }"""));
    }

    @Test
    void leavesOutWhatIsNotKnown() throws Exception {
        DecisionContext context = new DecisionContext(
                "login",
                Instants.ofMillis(0),
                new DecisionContext.Realm("demo"),
                new DecisionContext.Flow("browser"),
                new DecisionContext.Client("c", null, false, Map.of()),
                new DecisionContext.User("u", "bob", null, false, List.of(), Map.of(), List.of(), Map.of(), null, false, false),
                new DecisionContext.Request("::1", null, List.of(), List.of(), Map.of()),
                new DecisionContext.Session(List.of(), null, null, false, null, -1),
                DecisionContext.Risk.NONE,
                null,
                null);

        assertThat(context.toJson()).isEqualTo(new ObjectMapper().readTree("""
                {
                  "action": "login", "now": "1970-01-01T00:00:00.000Z",
                  "realm": { "name": "demo" }, "flow": { "alias": "browser" },
                  "client": { "id": "c", "public": false, "attributes": {} },
                  "user": {
                    "id": "u", "username": "bob", "email_verified": false, "roles": [], "client_roles": {}, "groups": [],
                    "attributes": {}, "federated": false, "service_account": false },
                  "request": { "ip": "::1", "scopes": [], "acr_values": [], "headers": {} },
                  "session": { "amr": [], "sso": false },
                  "risk": {}
                }"""));
    }

    @Test
    void keepsSecretsOfClientsOut() {
        assertThat(ClientSecrets.isSecret("client.secret.creation.time")).isTrue();
        assertThat(ClientSecrets.isSecret("saml.signing.private.key")).isTrue();
        assertThat(ClientSecrets.isSecret("client.secret.rotated")).isTrue();
        assertThat(ClientSecrets.isSecret("tier")).isFalse();
    }
}
