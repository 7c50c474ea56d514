package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.registration.HeldAccount;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Who registers in this tab. From the moment at which the checkpoint sees them until it lets them pass, their account is a {@link HeldAccount}
 * and is not in the authentication session, where Keycloak would end the flow for a disabled user, and another flow of the same tab
 * would find somebody who has proven nothing. Its id is in a note, which no browser can write and {@code /restart} wipes.
 */
final class Registrant {

    private static final String NOTE = "jit.registrant";

    private Registrant() {}

    /** Holds the account that the form before this step has made. Does nothing at any other door, or for somebody who waits already. */
    static void holdNew(AuthenticationFlowContext context) {
        AuthenticationSessionModel authSession = context.getAuthenticationSession();
        UserModel user = context.getUser();
        boolean registeredHere = isRegistration(context)
                && "true".equals(authSession.getAuthNote(AuthenticationManager.NEW_USER_REGISTERED));
        if (registeredHere && user != null && authSession.getAuthNote(NOTE) == null) {
            HeldAccount.hold(user);
            authSession.setAuthNote(NOTE, user.getId());
            context.clearUser();
        }
    }

    /**
     * Whose step it is: the account that waits, or who is authenticated.
     *
     * @return null where there is nobody, or the account was removed
     * @throws AuthenticationFlowException if somebody else has authenticated in the tab meanwhile
     */
    static UserModel orUser(AuthenticationFlowContext context) {
        String waiting = isRegistration(context) ? context.getAuthenticationSession().getAuthNote(NOTE) : null;
        UserModel user = context.getUser();
        if (waiting == null) {
            return user;
        }
        if (user != null && !user.getId().equals(waiting)) {
            throw new AuthenticationFlowException("another user is in the registration's tab", AuthenticationFlowError.USER_CONFLICT);
        }
        return context.getSession().users().getUserById(context.getRealm(), waiting);
    }

    /** Gives the authentication session the account that waited, enabled; Keycloak refuses one that an admin has disabled. */
    static void pass(AuthenticationFlowContext context, UserModel user) {
        if (isRegistration(context) && context.getAuthenticationSession().getAuthNote(NOTE) != null) {
            if (HeldAccount.is(user)) {
                HeldAccount.release(user);
            }
            context.setUser(user);
            context.getAuthenticationSession().removeAuthNote(NOTE);
        }
    }

    private static boolean isRegistration(AuthenticationFlowContext context) {
        return LoginActionsService.REGISTRATION_PATH.equals(context.getFlowPath());
    }
}
