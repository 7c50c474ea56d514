package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.admin.Checkpoint;
import dev.jitapproval.keycloak.policy.Policies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Whether a realm's checkpoint is asked at all. At a flow somebody has put it there; what is here stands before the tokens of every realm of
 * the server, and most of them may have nothing to do with approvals.
 */
final class Guarded {

    private Guarded() {}

    /**
     * Under a policy everything that lets somebody in is asked, so that its default counts; a refresh, by which nobody gets in anew and of
     * which there are many, only where a rule is on it. A realm whose logins meet the checkpoint and that has no policy refuses people, and so
     * programs; as does one whose policy is not known here.
     *
     * @param action of the context schema
     */
    static boolean asks(KeycloakSession session, RealmModel realm, String action) {
        if (!Grant.REFRESH.action().equals(action)) {
            return is(session, realm);
        }
        Policies policies = JitApprovalProvider.of(session).policies();
        return policies.active(realm)
                .map(policy -> policy.actions().contains(action))
                .orElseGet(() -> policies.isUnknown(realm));
    }

    /** Whether anything of a realm may rest on an approval that is still to be had. */
    static boolean is(KeycloakSession session, RealmModel realm) {
        Policies policies = JitApprovalProvider.of(session).policies();
        return policies.active(realm).isPresent() || policies.isUnknown(realm) || Checkpoint.guards(session, realm);
    }
}
