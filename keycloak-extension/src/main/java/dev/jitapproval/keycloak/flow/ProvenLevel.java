package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.context.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The level that a {@link PolicyCondition}'s subflow reached, and when, in a note of the user's session: later sign-ins by its cookie need
 * not prove it again at once. Keycloak's own map of levels is left alone, for it knows levels of its own conditions only, and warns of others
 * at every sign-in.
 */
record ProvenLevel(int level, Instant at) {

    private static final String NOTE = "jit.level";

    /** Has the session that comes of this login remember a level. */
    static void remember(AuthenticationSessionModel authSession, int level, Instant now) {
        authSession.setUserSessionNote(NOTE, new ProvenLevel(level, now).written());
    }

    /** Whether the session whose cookie this browser has, of the user who is logging in, has proven a level lately. */
    static boolean holds(
            KeycloakSession session, AuthenticationSessionModel authSession, int level, Duration maxAge, Instant now) {
        return SessionFacts.fromCookie(session, authSession)
                .map(sso -> parse(sso.getNote(NOTE)))
                .filter(proven -> proven.holds(level, maxAge, now))
                .isPresent();
    }

    boolean holds(int needed, Duration maxAge, Instant now) {
        return level >= needed && !at.isAfter(now) && now.isBefore(at.plus(maxAge));
    }

    String written() {
        return level + "@" + at.getEpochSecond();
    }

    /** @return null for what {@link #written()} cannot have made */
    static ProvenLevel parse(String note) {
        int at = note == null ? -1 : note.indexOf('@');
        if (at < 0) {
            return null;
        }
        try {
            return new ProvenLevel(
                    Integer.parseInt(note.substring(0, at)), Instant.ofEpochSecond(Long.parseLong(note.substring(at + 1))));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
