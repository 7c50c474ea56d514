package dev.jitapproval.keycloak.context;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.authentication.authenticators.util.AcrStore;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.protocol.oidc.utils.AmrUtils;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Reads what the browser has proven so far, in this login and in the SSO session before it. */
public final class SessionFacts {

    private SessionFacts() {}

    static DecisionContext.Session of(KeycloakSession session, AuthenticationSessionModel authSession) {
        UserSessionModel sso = existing(session, authSession);
        return new DecisionContext.Session(
                amr(authSession, sso),
                acr(level(session, authSession), authSession.getClient()),
                sso == null ? null : Instants.ofSeconds(sso.getStarted()),
                answeredBySso(authSession),
                isImpersonated(sso),
                level(session, authSession));
    }

    /**
     * What was proven when a client got into a user's session, for steps that have no login of their own.
     *
     * @param clientSession of the client that asks, in the user's session
     */
    public static DecisionContext.Session of(KeycloakSession session, AuthenticatedClientSessionModel clientSession) {
        UserSessionModel sso = clientSession.getUserSession();
        Map<String, Integer> executions = AuthenticatorUtils.parseCompletedExecutions(sso.getNote(Constants.AUTHENTICATORS_COMPLETED));
        return new DecisionContext.Session(
                AmrUtils.getAuthenticationExecutionReferences(executions, sso.getRealm()).stream().distinct().sorted().toList(),
                acr(AcrStore.getCurrentLevelOfAuthentication(clientSession), clientSession.getClient()),
                Instants.ofSeconds(sso.getStarted()),
                null,
                isImpersonated(sso),
                AcrStore.getCurrentLevelOfAuthentication(clientSession));
    }

    private static Boolean isImpersonated(UserSessionModel sso) {
        return sso == null ? null : sso.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString()) != null;
    }

    /** Whether the SSO cookie alone answered for the login that runs. */
    public static boolean answeredBySso(AuthenticationSessionModel authSession) {
        return "true".equals(authSession.getAuthNote(AuthenticationManager.SSO_AUTH));
    }

    /**
     * The SSO session that this browser already has, of the user who is logging in.
     *
     * @return {@code null} where there is none, or it is no longer valid, or it is somebody else's
     */
    public static UserSessionModel existing(KeycloakSession session, AuthenticationSessionModel authSession) {
        UserSessionModel sso = new AuthenticationSessionManager(session).getUserSession(authSession);
        boolean valid = sso != null
                && sso.getUser() != null
                && sso.getUser().equals(authSession.getAuthenticatedUser())
                && AuthenticationManager.isSessionValid(authSession.getRealm(), sso);
        return valid ? sso : null;
    }

    /** The id of the admin who uses this browser's SSO session in its user's name. */
    public static Optional<String> impersonator(KeycloakSession session, AuthenticationSessionModel authSession) {
        return impersonation(session, authSession, ImpersonationSessionNote.IMPERSONATOR_ID);
    }

    /** The admin's user name, in whichever realm they are at home. */
    public static Optional<String> impersonatorName(KeycloakSession session, AuthenticationSessionModel authSession) {
        return impersonation(session, authSession, ImpersonationSessionNote.IMPERSONATOR_USERNAME);
    }

    private static Optional<String> impersonation(
            KeycloakSession session, AuthenticationSessionModel authSession, ImpersonationSessionNote note) {
        return Optional.ofNullable(existing(session, authSession)).map(sso -> sso.getNote(note.toString()));
    }

    /** The SSO session that the browser's cookie proves at this moment, of the user who is logging in. */
    public static Optional<UserSessionModel> fromCookie(KeycloakSession session, AuthenticationSessionModel authSession) {
        AuthenticationManager.AuthResult proven =
                AuthenticationManager.authenticateIdentityCookie(session, authSession.getRealm(), true);
        return proven == null || !proven.user().equals(authSession.getAuthenticatedUser())
                ? Optional.empty()
                : Optional.ofNullable(proven.session());
    }

    private static List<String> amr(AuthenticationSessionModel authSession, UserSessionModel sso) {
        Map<String, Integer> executions = new HashMap<>();
        if (sso != null) {
            executions.putAll(AuthenticatorUtils.parseCompletedExecutions(sso.getNote(Constants.AUTHENTICATORS_COMPLETED)));
        }
        executions.putAll(AuthenticatorUtils.parseCompletedExecutions(
                authSession.getUserSessionNotes().get(Constants.AUTHENTICATORS_COMPLETED)));
        return AmrUtils.getAuthenticationExecutionReferences(executions, authSession.getRealm()).stream()
                .distinct()
                .sorted()
                .toList();
    }

    private static int level(KeycloakSession session, AuthenticationSessionModel authSession) {
        return new AcrStore(session, authSession).getLevelOfAuthenticationFromCurrentAuthentication();
    }

    private static String acr(int level, ClientModel client) {
        if (level == Constants.NO_LOA) {
            return null;
        }
        Map<String, Integer> names = AcrUtils.getAcrLoaMap(client);
        String name = AcrUtils.mapLoaToAcr(level, names, names.keySet());
        return name == null ? Integer.toString(level) : name;
    }
}
