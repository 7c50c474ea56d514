package dev.jitapproval.keycloak.change;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * Remembers, for the length of one HTTP request, which change of a profile its gates have let go on, so that {@link GuardedProfile} does not ask
 * about it again. Kept in the session's memory: nothing outside can set it.
 */
final class PassedProfile {

    private static final String ATTRIBUTE = PassedProfile.class.getName();

    private PassedProfile() {}

    private record Passed(String realmId, String userId, ProfileChange change) {

        static Passed of(KeycloakSession session, UserModel user, ProfileChange change) {
            return new Passed(session.getContext().getRealm().getId(), user.getId(), change);
        }
    }

    static void mark(KeycloakSession session, UserModel user, ProfileChange change) {
        session.setAttribute(ATTRIBUTE, Passed.of(session, user, change));
    }

    static boolean is(KeycloakSession session, UserModel user, ProfileChange change) {
        return Objects.equals(session.getAttribute(ATTRIBUTE), Passed.of(session, user, change));
    }
}
