package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.context.SessionFacts;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Which action of the context schema a step of an authentication flow is. */
final class StepAction {

    private static final Set<String> BROWSER_PATHS = Set.of(
            LoginActionsService.AUTHENTICATE_PATH,
            LoginActionsService.REGISTRATION_PATH,
            LoginActionsService.RESET_CREDENTIALS_PATH,
            LoginActionsService.FIRST_BROKER_LOGIN_PATH,
            LoginActionsService.POST_BROKER_LOGIN_PATH);

    private StepAction() {}

    /** Whether the flow that runs at this path has a person with a browser in front of it, who can be shown a page. */
    static boolean hasBrowser(String flowPath) {
        return flowPath != null && BROWSER_PATHS.contains(flowPath);
    }

    static String of(KeycloakSession session, AuthenticationSessionModel authSession, String flowPath) {
        if (!hasBrowser(flowPath)) {
            return "direct-grant";
        }
        return switch (flowPath) {
            case LoginActionsService.REGISTRATION_PATH -> "register";
            case LoginActionsService.RESET_CREDENTIALS_PATH -> "reset-credentials";
            case LoginActionsService.FIRST_BROKER_LOGIN_PATH -> "first-broker-login";
            default -> isReauthentication(session, authSession) ? "reauthenticate" : "login";
        };
    }

    /**
     * Only who is in this very client already, and whom the client asked to prove it again, re-authenticates. Neither an SSO session
     * of another client nor one that another tab began meanwhile may turn a login into something that rules on {@code login} don't
     * see.
     */
    private static boolean isReauthentication(KeycloakSession session, AuthenticationSessionModel authSession) {
        if (!"true".equals(authSession.getAuthNote(AuthenticationManager.FORCED_REAUTHENTICATION))) {
            return false;
        }
        UserSessionModel sso = SessionFacts.existing(session, authSession);
        return sso != null && sso.getAuthenticatedClientSessionByClient(authSession.getClient().getId()) != null;
    }
}
