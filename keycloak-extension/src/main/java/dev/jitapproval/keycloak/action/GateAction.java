package dev.jitapproval.keycloak.action;

import dev.jitapproval.keycloak.flow.Buttons;
import dev.jitapproval.keycloak.flow.CheckpointStep;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The checkpoint as a required action. Keycloak asks {@link #evaluateTriggers} before every end of a login, whichever flow it came
 * through, and again after each other action; so what has not passed is required again, whatever was cancelled, skipped or typed meanwhile.
 */
final class GateAction implements RequiredActionProvider {

    /**
     * {@inheritDoc}
     *
     * <p>Supported, although nobody has a reason to start it: an action that cannot be started by the application is <em>skipped</em> for a
     * login whose address says {@code kc_action} and its name, even where it is required.
     */
    @Override
    public InitiatedActionSupport initiatedActionSupport() {
        return InitiatedActionSupport.SUPPORTED;
    }

    /**
     * Requires the action of this login, in its authentication session, unless the step may go on. For {@code prompt=none} this is all that
     * happens: Keycloak answers by itself where an action is required. At the token endpoint it is the token that is judged, when all about
     * it is known.
     */
    @Override
    public void evaluateTriggers(RequiredActionContext context) {
        AuthenticationSessionModel authSession = context.getAuthenticationSession();
        if (authSession.getRequiredActions().contains(GateActionFactory.ID)) {
            return;
        }
        ActionDoor door = new ActionDoor(context);
        if (door.hasBrowser() && !new CheckpointStep(door).goesOn()) {
            authSession.addRequiredAction(GateActionFactory.ID);
        }
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        new CheckpointStep(new ActionDoor(context)).run(null);
    }

    @Override
    public void processAction(RequiredActionContext context) {
        Buttons.press(new ActionDoor(context));
    }

    /** The application cannot give up what the realm requires. */
    @Override
    public void initiatedActionCanceled(KeycloakSession session, AuthenticationSessionModel authSession) {
        authSession.addRequiredAction(GateActionFactory.ID);
    }

    @Override
    public void close() {}
}
