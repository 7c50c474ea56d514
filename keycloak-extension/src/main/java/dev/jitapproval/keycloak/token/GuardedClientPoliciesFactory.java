package dev.jitapproval.keycloak.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManagerFactory;

/** Keycloak's own client policy manager, under its own id, with the checkpoint behind it. */
public final class GuardedClientPoliciesFactory extends DefaultClientPolicyManagerFactory {

    @Override
    public ClientPolicyManager create(KeycloakSession session) {
        return new GuardedClientPolicies(session);
    }

    @Override
    public int order() {
        return 1;
    }
}
