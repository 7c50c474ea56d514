package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.Actor;
import java.util.Optional;

/**
 * Whom to forget, as the engine takes it.
 *
 * @param id the Keycloak user id
 * @param username the user name, at some time
 * @param personKey what told the person from their accounts at that time
 */
record Person(String id, String username, @JsonProperty("person_key") String personKey) {

    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        return JSON.valueToTree(this).toString();
    }

    /** The person with that id that a pinned document or an event says something of. */
    static Optional<Person> in(JsonNode node, String id) {
        boolean theirs = id.equals(node.path("id").textValue()) && !Actor.ERASED.equals(id);
        return theirs
                ? Optional.of(new Person(id, node.path("username").asText(), node.path("person_key").asText()))
                : Optional.empty();
    }
}
