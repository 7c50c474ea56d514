package dev.jitapproval.keycloak.admin;

import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Whether a realm's sign-ins meet the checkpoint. */
public final class Checkpoint {

    private Checkpoint() {}

    /** Whether the gate is on, or the checkpoint stands in the browser flow, enabled; so that a realm without a policy refuses people. */
    public static boolean guards(KeycloakSession session, RealmModel realm) {
        return new ReadyActions(realm).gateGuards() || new ReadyFlow(session, realm).isMentioned(realm.getBrowserFlow());
    }

    /** Whether the required action {@code jit-gate} is registered and enabled, so that it sees every login of the realm. */
    public static boolean gateGuards(RealmModel realm) {
        return new ReadyActions(realm).gateGuards();
    }

    /** Why the required action guards nothing, as a clause. */
    public static String whyGateDoesNotGuard(RealmModel realm) {
        return new ReadyActions(realm).whyGateDoesNotGuard();
    }

    /** Whether whoever goes through the flow always passes the checkpoint: it is required on the top level. @param flow or null */
    public static boolean flowGuards(KeycloakSession session, RealmModel realm, AuthenticationFlowModel flow) {
        return new ReadyFlow(session, realm).isGuarded(flow);
    }

    /** Whether somebody means the realm to be guarded: it has a policy, or was provisioned. */
    public static boolean isMeant(KeycloakSession session, RealmModel realm) {
        return new RealmReadiness(session, realm).isMeantToBeGuarded();
    }
}
