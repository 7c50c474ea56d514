package dev.jitapproval.keycloak.flow;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The checkpoint as a step of an authentication flow. It keeps no state of its own. */
final class ApprovalAuthenticator implements Authenticator {

    /** At the token endpoint it is the token that is judged, when all about it is known. */
    @Override
    public void authenticate(AuthenticationFlowContext context) {
        if (StepAction.isTokenEndpoint(context.getFlowPath())) {
            context.success();
            return;
        }
        Registrant.holdNew(context);
        new CheckpointStep(new FlowDoor(context)).run(null);
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        Buttons.press(new FlowDoor(context));
    }

    /**
     * {@inheritDoc}
     *
     * <p>There is none yet in a first login through an identity provider, and not in the authentication session while a registration is held.
     * Everywhere else {@link FlowDoor} refuses to begin.
     */
    @Override
    public boolean requiresUser() {
        return false;
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
