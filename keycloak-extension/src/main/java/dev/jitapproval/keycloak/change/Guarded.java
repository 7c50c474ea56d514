package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.admin.Checkpoint;
import dev.jitapproval.keycloak.policy.Policies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Which realms the doors of this package stand in. They are there for every realm of the server, also for those that never heard of policies;
 * those must not notice.
 */
final class Guarded {

    private Guarded() {}

    /**
     * Whether a policy decides in this realm, or should: then, without one, every change is refused, as a login is. A policy that does not mention
     * an action allows it, unless its default is to deny.
     */
    static boolean is(KeycloakSession session, RealmModel realm) {
        Policies policies = JitApprovalProvider.of(session).policies();
        return policies.active(realm).isPresent()
                || policies.isUnknown(realm)
                || Checkpoint.guards(session, realm);
    }
}
