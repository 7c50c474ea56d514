package dev.jitapproval.keycloak.risk;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a step whose risk is assessed. Whatever the policy does not read was not looked up, and is null.
 *
 * @param realm the realm's name
 * @param userId Keycloak's user id, or null where there is no user yet
 * @param username the user name, or null
 * @param clientId the OAuth {@code client_id}, or null
 * @param action an action of the context schema
 * @param now the instant of the decision
 * @param ip the address that Keycloak takes for the browser's
 * @param userAgent what the browser says that it is, or null
 * @param failures what Keycloak's brute-force detection knows, or null where it is off
 * @param memory what is remembered of the user's logins, or null where nothing can be
 * @param sessions how many sessions the user has, or null
 * @param credentialChangedAt when the newest of the user's credentials was set, or null
 */
public record Attempt(
        String realm, String userId, String username, String clientId, String action, Instant now, String ip, String userAgent,
        Failures failures, Memory memory, Integer sessions, Instant credentialChangedAt) {

    /**
     * The state of brute-force detection.
     *
     * @param count failed logins that are counted now
     * @param locked whether the user is locked, for a time or for good
     */
    public record Failures(int count, boolean locked) {}

    /**
     * What is remembered of logins of this user that passed.
     *
     * @param device whether this browser was used
     * @param sameUserAgent whether it was the same browser and system then; empty for an unknown device
     * @param ip whether the address was used; empty where it cannot be read
     * @param prefix whether an address of its network was used; empty where it cannot be read
     * @param client whether the user was in this client; empty without a client
     * @param lastLogin when the last one was
     * @param lastPlace where the last one was, where that is known
     * @param passwordReset when the password was last reset
     */
    public record Memory(
            boolean device, Optional<Boolean> sameUserAgent, Optional<Boolean> ip, Optional<Boolean> prefix, Optional<Boolean> client,
            Optional<Instant> lastLogin, Optional<Place> lastPlace, Optional<Instant> passwordReset) {}
}
