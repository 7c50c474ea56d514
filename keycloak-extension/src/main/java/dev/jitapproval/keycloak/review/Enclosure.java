package dev.jitapproval.keycloak.review;

import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Sees to it that a sign-in to the approvers' client never comes to its end, which would be a code and a single sign-on
 * session. Whatever it was started with, one of the two actions is required of it, and neither ever succeeds: Keycloak then
 * ignores {@code cancel-aia} as well, since a required action is not the application's to cancel.
 */
final class Enclosure {

    private Enclosure() {}

    /** Requires the action that the link asked for, or the inbox. Keycloak asks this after every authentication. */
    static void require(RealmModel realm, AuthenticationSessionModel authSession) {
        if (ReviewClient.is(authSession.getClient())) {
            authSession.addRequiredAction(actionFor(realm, authSession.getClientNote(Constants.KC_ACTION)));
        }
    }

    /**
     * Ends the sign-in with a page and nothing else: the tab is forgotten, so that reloading the page or sending the form again
     * finds nothing to act on.
     *
     * @param page renders the last page, from a form that knows neither the user nor the tab
     */
    static void finish(RequiredActionContext context, Function<LoginFormsProvider, Response> page) {
        LoginFormsProvider forms = context.getSession().getProvider(LoginFormsProvider.class).setDetachedAuthSession();
        forms.setUser(context.getUser());
        Response response = page.apply(forms);
        new AuthenticationSessionManager(context.getSession())
                .removeTabIdInAuthenticationSession(context.getRealm(), context.getAuthenticationSession());
        context.challenge(response);
    }

    private static String actionFor(RealmModel realm, String asked) {
        boolean review = ReviewClient.canRun(realm, ReviewClient.REVIEW_ACTION);
        boolean inbox = ReviewClient.canRun(realm, ReviewClient.INBOX_ACTION);
        if (ReviewClient.REVIEW_ACTION.equals(asked) && review || !inbox) {
            return ReviewClient.REVIEW_ACTION;
        }
        return ReviewClient.INBOX_ACTION;
    }
}
