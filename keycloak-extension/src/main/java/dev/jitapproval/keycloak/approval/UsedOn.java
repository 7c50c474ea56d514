package dev.jitapproval.keycloak.approval;

import java.util.List;

/**
 * What an approval is used on, as far as its request does not say: a grant is bound to it.
 *
 * @param scopes that were asked for
 * @param change the digest of what is changed, or null where nothing is
 * @param sessionId the user's session that the step belongs to, or null where there is none
 */
public record UsedOn(List<String> scopes, String change, String sessionId) {

    public UsedOn {
        scopes = List.copyOf(scopes);
    }
}
