package dev.jitapproval.keycloak.admin;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Whether a realm's sign-ins meet the checkpoint. */
public final class Checkpoint {

    private Checkpoint() {}

    /** Whether the gate is on, or the checkpoint stands in the browser flow, enabled; so that a realm without a policy refuses people. */
    public static boolean guards(KeycloakSession session, RealmModel realm) {
        return new ReadyActions(realm).gateGuards() || new ReadyFlow(session, realm).isMentioned(realm.getBrowserFlow());
    }
}
