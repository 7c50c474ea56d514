package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.keycloak.jose.jws.crypto.HashUtils;

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

    /** What the id of somebody begins with who has no account: no id of Keycloak's does, neither its own nor a federation's. */
    private static final String WITHOUT_ACCOUNT = "idp:";

    /** As long as the database takes. */
    private static final int MAX_ID = 255;

    public Requester {
        requireNonNull(id, "id");
        requireNonNull(username, "username");
        requireNonNull(personKey, "personKey");
    }

    /**
     * The id of somebody who has no account yet.
     *
     * @param provider alias of the identity provider, which holds no colon
     * @param subject their id there
     */
    public static String idOf(String provider, String subject) {
        String id = WITHOUT_ACCOUNT + provider + ":" + subject;
        return id.length() <= MAX_ID ? id : WITHOUT_ACCOUNT + HashUtils.sha256UrlEncodedHash(id, StandardCharsets.UTF_8);
    }

    /**
     * Somebody at an identity provider.
     *
     * @param provider its alias
     * @param subject their id there
     */
    public record Identity(String provider, String subject) {}

    /** Who is meant by an id of somebody without an account; empty for an account, and where the id is too long to be told in clear. */
    public static Optional<Identity> identity(String id) {
        if (hasAccount(id)) {
            return Optional.empty();
        }
        String[] parts = id.substring(WITHOUT_ACCOUNT.length()).split(":", 2);
        return parts.length == 2 ? Optional.of(new Identity(parts[0], parts[1])) : Optional.empty();
    }

    /** Whether this is the id of an account, rather than of somebody at an identity provider. */
    public static boolean hasAccount(String id) {
        return !id.startsWith(WITHOUT_ACCOUNT);
    }

    /** The requester giving a command. */
    public Actor asActor() {
        return Actor.user(id, username, personKey);
    }
}
