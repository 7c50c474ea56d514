package dev.jitapproval.keycloak.review;

import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/** An action of the approvers' client, in whose logins nothing else is done: whatever comes of it, they end without a code or a session. */
abstract class EnclosedAction implements RequiredActionProvider {

    private final String id;

    /** @param id under which Keycloak knows it */
    EnclosedAction(String id) {
        this.id = id;
    }

    @Override
    public final InitiatedActionSupport initiatedActionSupport() {
        return InitiatedActionSupport.SUPPORTED;
    }

    @Override
    public final int getMaxAuthAge(KeycloakSession asking) {
        return MaxAuthAge.of(asking, id);
    }

    @Override
    public final void evaluateTriggers(RequiredActionContext context) {
        Enclosure.require(context.getRealm(), context.getAuthenticationSession());
    }

    @Override
    public final void initiatedActionCanceled(KeycloakSession asking, AuthenticationSessionModel authSession) {
        Enclosure.require(authSession.getRealm(), authSession);
    }

    @Override
    public final void close() {}
}
