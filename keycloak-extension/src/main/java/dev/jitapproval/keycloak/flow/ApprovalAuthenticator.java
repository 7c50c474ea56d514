package dev.jitapproval.keycloak.flow;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The checkpoint as a step of an authentication flow. It keeps no state of its own. */
final class ApprovalAuthenticator implements Authenticator {

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        new CheckpointStep(new FlowDoor(context)).run(null);
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        Buttons.press(new FlowDoor(context));
    }

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}
}
