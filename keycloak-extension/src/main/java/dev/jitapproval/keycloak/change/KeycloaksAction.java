package dev.jitapproval.keycloak.change;

import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/** One of Keycloak's required actions as it is: a subclass says where its gate stands. */
abstract class KeycloaksAction implements RequiredActionProvider {

    /** The action that is Keycloak's own. */
    final RequiredActionProvider keycloak;

    KeycloaksAction(RequiredActionProvider keycloak) {
        this.keycloak = keycloak;
    }

    @Override
    public InitiatedActionSupport initiatedActionSupport() {
        return keycloak.initiatedActionSupport();
    }

    @Override
    public void initiatedActionCanceled(KeycloakSession session, AuthenticationSessionModel authSession) {
        keycloak.initiatedActionCanceled(session, authSession);
    }

    @Override
    public void evaluateTriggers(RequiredActionContext context) {
        keycloak.evaluateTriggers(context);
    }

    @Override
    public int getMaxAuthAge(KeycloakSession session) {
        return keycloak.getMaxAuthAge(session);
    }

    @Override
    public void close() {
        keycloak.close();
    }
}
