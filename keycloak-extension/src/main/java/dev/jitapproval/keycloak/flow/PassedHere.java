package dev.jitapproval.keycloak.flow;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Remembers, for the length of one HTTP request, that a login passed the checkpoint in it: a realm may have the checkpoint at two doors, and
 * Keycloak asks one of them several times in the same request. Kept in the session's memory, so that nothing outside can set it.
 */
final class PassedHere {

    private static final String ATTRIBUTE = PassedHere.class.getName() + ".";

    private PassedHere() {}

    private record Login(String root, String tab, String client, String user, String action) {

        static Login of(AuthenticationSessionModel authSession, String action) {
            UserModel user = authSession.getAuthenticatedUser();
            return new Login(
                    authSession.getParentSession().getId(),
                    authSession.getTabId(),
                    authSession.getClient().getId(),
                    user == null ? null : user.getId(),
                    action);
        }
    }

    static void mark(KeycloakSession session, AuthenticationSessionModel authSession, String action) {
        session.setAttribute(ATTRIBUTE + action, Login.of(authSession, action));
    }

    static boolean is(KeycloakSession session, AuthenticationSessionModel authSession, String action) {
        return Objects.equals(session.getAttribute(ATTRIBUTE + action), Login.of(authSession, action));
    }
}
