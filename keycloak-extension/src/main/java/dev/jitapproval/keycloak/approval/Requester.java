package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Who asks, as pinned when the request was opened.
 *
 * @param id the Keycloak user id
 * @param username the user name
 * @param personKey what tells people from accounts
 */
public record Requester(String id, String username, @JsonProperty("person_key") String personKey) {

    /** Who is not known any more: the personal parts of the request were erased after it had ended. */
    public static final Requester ERASED = new Requester(Actor.ERASED, Actor.ERASED, Actor.ERASED);

    public Requester {
        requireNonNull(id, "id");
        requireNonNull(username, "username");
        requireNonNull(personKey, "personKey");
    }

    /** The requester giving a command. */
    public Actor asActor() {
        return Actor.user(id, username, personKey);
    }
}
