package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names people. Who matches is looked up live, at the moment of each vote. */
public sealed interface Selector {

    /** Everyone who has this realm role, directly, by group or by composite. */
    record Role(String role) implements Selector {}

    /** Everyone who has this role of the client with this {@code client_id}. */
    record ClientRole(String client, String role) implements Selector {}

    /** The members of the group with this path and of its subgroups. */
    record Group(String path) implements Selector {}

    /** The user with this user name. */
    record User(String username) implements Selector {}

    /** The users whose names stand in this attribute of the requester. */
    record Attribute(String attribute) implements Selector {}

    /** The users with these names, which a CEL selector gave. */
    record Users(List<String> usernames) implements Selector {}

    /** People whose names were erased, after the request had ended: nobody any more. */
    record Named(int number) implements Selector {}

    /**
     * Reads one selector of the engine's JSON.
     *
     * @throws IllegalArgumentException if it is none that this version knows; leaving one out would change who may approve
     */
    static Selector of(JsonNode node) {
        if (node.size() != 1) {
            throw new IllegalArgumentException("an approver selector has exactly one key, not: " + node);
        }
        Map.Entry<String, JsonNode> field = node.properties().iterator().next();
        JsonNode value = field.getValue();
        return switch (field.getKey()) {
            case "role" -> new Role(value.asText());
            case "client_role" -> new ClientRole(
                    value.required("client").asText(), value.required("role").asText());
            case "group" -> new Group(value.asText());
            case "user" -> new User(value.asText());
            case "attribute" -> new Attribute(value.asText());
            case "users" -> {
                List<String> usernames = new ArrayList<>();
                value.forEach(username -> usernames.add(username.asText()));
                yield new Users(List.copyOf(usernames));
            }
            case "named" -> new Named(value.asInt());
            default -> throw new IllegalArgumentException("unknown approver selector `" + field.getKey() + "`");
        };
    }
}
