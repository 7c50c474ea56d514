package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.context.SessionFacts;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Which action of the context schema a step of an authentication flow is. */
public final class StepAction {

    private static final String LOGIN = "login";

    private static final String REAUTHENTICATE = "reauthenticate";

    private static final String DEVICE = "device";

    /** Keycloak's own word, which it has no constant for. */
    private static final String TOKEN_PATH = "token";

    private static final Set<String> BROWSER_PATHS = Set.of(
            LoginActionsService.AUTHENTICATE_PATH,
            LoginActionsService.REGISTRATION_PATH,
            LoginActionsService.RESET_CREDENTIALS_PATH,
            LoginActionsService.FIRST_BROKER_LOGIN_PATH,
            LoginActionsService.POST_BROKER_LOGIN_PATH);

    private StepAction() {}

    /** Whether the flow that runs at this path has a person with a browser in front of it, who can be shown a page. */
    public static boolean hasBrowser(String flowPath) {
        return flowPath != null && BROWSER_PATHS.contains(flowPath);
    }

    /** Whether the flow that runs at this path is the one of the password grant. */
    static boolean isTokenEndpoint(String flowPath) {
        return TOKEN_PATH.equals(flowPath);
    }

    /** Whether an action is asked about at the end of the browser flow: of the others, each has a flow that begins elsewhere. */
    static boolean endsBrowserFlow(String action) {
        return action.equals(LOGIN) || action.equals(REAUTHENTICATE) || action.equals(DEVICE);
    }

    public static String of(KeycloakSession session, AuthenticationSessionModel authSession, String flowPath) {
        if (!hasBrowser(flowPath)) {
            return "direct-grant";
        }
        return switch (flowPath) {
            case LoginActionsService.REGISTRATION_PATH -> "register";
            case LoginActionsService.RESET_CREDENTIALS_PATH -> "reset-credentials";
            case LoginActionsService.FIRST_BROKER_LOGIN_PATH -> "first-broker-login";
            case LoginActionsService.POST_BROKER_LOGIN_PATH -> "post-broker-login";
            default -> login(session, authSession);
        };
    }

    private static String login(KeycloakSession session, AuthenticationSessionModel authSession) {
        if (DeviceCode.isVerifiedIn(authSession) && isToldApart(session, authSession, DEVICE)) {
            return DEVICE;
        }
        return isReauthentication(session, authSession) ? REAUTHENTICATE : LOGIN;
    }

    /**
     * Only who is in this very client already, and whom the client asked to prove it again, re-authenticates. Neither an SSO session
     * of another client nor one that another tab began meanwhile may turn a login into something that rules on {@code login} don't
     * see. Nor may the person: {@code prompt=login} stands in an address that everybody can edit. So it remains a login where it asks
     * for more than the one before, and where the policy knows no other action.
     */
    private static boolean isReauthentication(KeycloakSession session, AuthenticationSessionModel authSession) {
        if (!"true".equals(authSession.getAuthNote(AuthenticationManager.FORCED_REAUTHENTICATION))
                || !isToldApart(session, authSession, REAUTHENTICATE)) {
            return false;
        }
        UserSessionModel sso = SessionFacts.existing(session, authSession);
        AuthenticatedClientSessionModel before =
                sso == null ? null : sso.getAuthenticatedClientSessionByClient(authSession.getClient().getId());
        return before != null
                && asksForNoMore(
                        authSession.getClientNote(OIDCLoginProtocol.SCOPE_PARAM), before.getNote(OIDCLoginProtocol.SCOPE_PARAM));
    }

    /** A policy that does not know the action must not be passed by it: to that one, the step is a login like any other. */
    private static boolean isToldApart(KeycloakSession session, AuthenticationSessionModel authSession, String action) {
        return JitApprovalProvider.of(session)
                .policies()
                .active(authSession.getRealm())
                .filter(policy -> policy.actions().contains(action))
                .isPresent();
    }

    /** Whether every scope that is asked for was asked for before; {@code null} is none. */
    static boolean asksForNoMore(String scopes, String before) {
        return scopes(before).containsAll(scopes(scopes));
    }

    private static Set<String> scopes(String spaceSeparated) {
        return spaceSeparated == null || spaceSeparated.isBlank()
                ? Set.of()
                : Arrays.stream(spaceSeparated.trim().split("\\s+")).collect(Collectors.toUnmodifiableSet());
    }
}
