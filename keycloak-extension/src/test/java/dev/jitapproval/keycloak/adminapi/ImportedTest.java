package dev.jitapproval.keycloak.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ImportedTest {

    @Test
    void findsEveryRoleThatIsGivenToWhomever() throws Exception {
        assertThat(Imported.roles(json("""
                {
                  "users": [{ "username": "eve", "realmRoles": ["vault"], "clientRoles": { "app": ["boss"] } }],
                  "groups": [{ "name": "a", "subGroups": [{ "name": "b", "realmRoles": ["below"], "clientRoles": { "app": ["deep"] } }] }],
                  "roles": {
                    "realm": [{ "name": "plain", "composites": { "realm": ["inner"], "client": { "app": ["part"] } } }],
                    "client": { "app": [{ "name": "own", "composites": { "realm": ["of-client"] } }] }
                  }
                }""")))
                .containsExactlyInAnyOrder("vault", "app/boss", "below", "app/deep", "inner", "app/part", "of-client");
    }

    @Test
    void findsTheGroupsOfUsers() throws Exception {
        assertThat(Imported.groups(json("""
                { "users": [{ "groups": ["/staff", "/staff/security"] }, { "username": "eve" }] }""")))
                .containsExactly("/staff", "/staff/security");
    }

    @Test
    void whatIsNoListGivesNothing() throws Exception {
        assertThat(Imported.roles(json("{ \"users\": \"eve\", \"roles\": [] }"))).isEmpty();
        assertThat(Imported.groups(json("null"))).isEmpty();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
