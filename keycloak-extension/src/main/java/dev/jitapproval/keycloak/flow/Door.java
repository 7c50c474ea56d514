package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.context.DecisionContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Where in Keycloak a guarded step stands: what the {@link CheckpointStep} learns there, and how it lets the step go on or not. Each way
 * Keycloak can be held at is one door; what is asked, shown and remembered is the same at all of them.
 */
public interface Door {

    /** Keycloak's session. */
    KeycloakSession session();

    /** The authentication session of the tab that is logging in. */
    AuthenticationSessionModel authSession();

    /** Who is logging in; null where they have no account yet. */
    UserModel user();

    /** Who asks, where there is no account yet; null where there is one. */
    default Requester requester() {
        return null;
    }

    /** What the person is called: in logs, and to themselves. */
    default String username() {
        return user() == null ? requester().username() : user().getUsername();
    }

    /** The HTTP request at hand. */
    HttpRequest request();

    /** The action of the context schema that the step is. */
    String action();

    /** The alias of the top-level flow that the login goes through. */
    String flowAlias();

    /** What is about to change by this step, or null. */
    default DecisionContext.Change change() {
        return null;
    }

    /** What this step acts on, or null. */
    default DecisionContext.Target target() {
        return null;
    }

    /** Whether a person with a browser is in front of the step, who can be shown a page. */
    boolean hasBrowser();

    /** The event of what is running, which whoever ends it sends. */
    EventBuilder event();

    /** A copy of {@link #event()} for telling that the step does not go on. */
    EventBuilder refusal();

    /** A page whose forms come back to this step. */
    LoginFormsProvider form();

    /** The address at which a plain GET asks this step again. */
    URI here();

    /** Lets the step go on. */
    void pass();

    /** Holds the step with a page. */
    void hold(Response page);

    /** Ends the step with an answer, without Keycloak counting it as a failed login. */
    void refuse(Response answer);

    /**
     * Ends the login and sends the browser back to the client, with {@code access_denied} and why.
     *
     * @param why for the client
     */
    void leave(String why);

    /** Ends a login at which nobody can be shown a page: {@code interaction_required}. */
    void interactionRequired();

    /** Sends the browser back to the start of the login. */
    void startAgain();

    /** Whether a login that goes back to its start comes to this step once more. */
    default boolean comesBack() {
        return StepAction.endsBrowserFlow(action());
    }

    /** Has the login go on in the SSO session that has answered for it. */
    void attach(UserSessionModel sso);

    /** The realm. */
    default RealmModel realm() {
        return authSession().getRealm();
    }
}
