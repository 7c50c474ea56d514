package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

/**
 * What a request is for, and which browser it belongs to: the one key under which the browser finds it again. Not the tab, not
 * the authentication session: those come and go. Where there is no browser, whoever proves the same things again takes its place.
 *
 * @param realmId the realm's id
 * @param userId the requester's id
 * @param clientId the client's internal id, not its {@code client_id}
 * @param action what is asked for: {@code login}, …
 * @param browserHash {@code sha256:…} of the secret in the browser's cookie, or of what was proven on a back channel
 */
public record RequestKey(String realmId, String userId, String clientId, String action, String browserHash) {

    public RequestKey {
        requireNonNull(realmId, "realmId");
        requireNonNull(userId, "userId");
        requireNonNull(clientId, "clientId");
        requireNonNull(action, "action");
        requireNonNull(browserHash, "browserHash");
    }
}
