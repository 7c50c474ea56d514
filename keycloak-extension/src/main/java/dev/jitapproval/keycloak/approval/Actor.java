package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Who gives a command. Always the authenticated user of the session at hand, never somebody named in a request's body.
 *
 * @param id the Keycloak user id, null for the system
 * @param username the user name, null for the system
 * @param personKey what tells people from accounts (an attribute that only admins may edit, or the user id); null for the system
 * @param kind in which role they act
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Actor(
        String id, String username, @JsonProperty("person_key") String personKey, Kind kind) {

    /** The server itself: time-outs, and cancelling what can no longer be resumed. */
    public static final Actor SYSTEM = new Actor(null, null, null, Kind.SYSTEM);

    /** In the place of whatever was erased: no user id, no user name and no person key looks like this. */
    public static final String ERASED = "(erased)";

    /** In which role somebody acts. */
    public enum Kind {
        /** A requester or an approver. */
        @JsonProperty("user")
        USER,
        /** Somebody with rights over the realm. */
        @JsonProperty("admin")
        ADMIN,
        /** Nobody: a clock, or a check. */
        @JsonProperty("system")
        SYSTEM
    }

    public Actor {
        requireNonNull(kind, "kind");
        if (kind != Kind.SYSTEM) {
            requireNonNull(id, "id");
            requireNonNull(username, "username");
            requireNonNull(personKey, "personKey");
        }
    }

    /** A requester or an approver. */
    public static Actor user(String id, String username, String personKey) {
        return new Actor(id, username, personKey, Kind.USER);
    }

    /** Somebody who is not known any more. */
    static Actor erased(Kind kind) {
        return kind == Kind.SYSTEM ? SYSTEM : new Actor(ERASED, ERASED, ERASED, kind);
    }

    /** Somebody with rights over the realm. */
    public static Actor admin(String id, String username, String personKey) {
        return new Actor(id, username, personKey, Kind.ADMIN);
    }
}
