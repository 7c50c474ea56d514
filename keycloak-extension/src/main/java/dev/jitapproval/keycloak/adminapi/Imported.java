package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a partial import gives to whom, by the names that calls of their own would have: a rule that looks for a role or a group must find it
 * here as well.
 */
final class Imported {

    private Imported() {}

    /** Roles that users, groups and other roles are given; those of clients as {@code client/role}. */
    static List<String> roles(JsonNode body) {
        List<String> roles = new ArrayList<>();
        elements(body.path("users")).forEach(user -> given(user, roles));
        elements(body.path("groups")).forEach(group -> ofGroup(group, roles));
        JsonNode made = body.path("roles");
        Stream.concat(elements(made.path("realm")), made.path("client").properties().stream().flatMap(client -> elements(client.getValue())))
                .map(role -> role.path("composites"))
                .forEach(composites -> {
                    elements(composites.path("realm")).forEach(role -> roles.add(role.asText()));
                    ofClients(composites.path("client"), roles);
                });
        return roles;
    }

    /** Paths of the groups that users are made members of. */
    static List<String> groups(JsonNode body) {
        return elements(body.path("users")).flatMap(user -> elements(user.path("groups"))).map(JsonNode::asText).toList();
    }

    private static void ofGroup(JsonNode group, List<String> roles) {
        given(group, roles);
        elements(group.path("subGroups")).forEach(below -> ofGroup(below, roles));
    }

    private static void given(JsonNode holder, List<String> roles) {
        elements(holder.path("realmRoles")).forEach(role -> roles.add(role.asText()));
        ofClients(holder.path("clientRoles"), roles);
    }

    private static void ofClients(JsonNode byClient, List<String> roles) {
        byClient.properties()
                .forEach(client -> elements(client.getValue()).forEach(role -> roles.add(client.getKey() + "/" + role.asText())));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.empty();
    }
}
