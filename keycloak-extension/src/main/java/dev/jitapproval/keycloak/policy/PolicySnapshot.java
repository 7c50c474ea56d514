package dev.jitapproval.keycloak.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The policies as one session sees them: whatever asks twice in one HTTP request gets the same policy twice, although another may have
 * been activated in between. Otherwise an action could be told by the old policy and judged by the new one.
 */
public final class PolicySnapshot implements Policies {

    private final Policies policies;
    private final Map<String, Optional<Policy>> seen = new HashMap<>();

    public PolicySnapshot(Policies policies) {
        this.policies = policies;
    }

    @Override
    public Optional<Policy> active(RealmModel realm) {
        return seen.computeIfAbsent(realm.getId(), id -> policies.active(realm));
    }

    @Override
    public PolicyStatus status(RealmModel realm) {
        return policies.status(realm);
    }

    @Override
    public Optional<Policy> byHash(KeycloakSession session, String hash) {
        return policies.byHash(session, hash);
    }
}
