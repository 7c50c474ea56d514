package dev.jitapproval.keycloak.grant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The approval that a client's session rests on: a note of that session, and of the user's session, by the client. The latter outlives
 * the client's session, and goes along where Keycloak makes a session of another kind out of the user's.
 *
 * @param request the approval request
 * @param rule the rule that asked for approval
 * @param approvedAt when the last stage approved; seconds since 1970
 * @param until when the grant ends, seconds since 1970; null where the approval was good once, and the session is as any other
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestsOn(
        String request, String rule, @JsonProperty("approved_at") long approvedAt, @JsonProperty("expires_at") Long until) {

    /** The note of a client's session. */
    static final String NOTE = "jit.approval";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A session that the login at hand makes will rest on this. */
    public void note(AuthenticationSessionModel authSession) {
        authSession.setClientNote(NOTE, toJson());
        authSession.setUserSessionNote(userNote(authSession.getClient().getId()), toJson());
    }

    /** A session that there is already rests on this from now on. */
    public void note(AuthenticatedClientSessionModel clientSession) {
        clientSession.setNote(NOTE, toJson());
        clientSession.getUserSession().setNote(userNote(clientSession.getClient().getId()), toJson());
    }

    /** The login at hand was let through without an approval, and what its session may have rested on is over. */
    static void forget(AuthenticationSessionModel authSession) {
        authSession.setClientNote(NOTE, "");
        authSession.setUserSessionNote(userNote(authSession.getClient().getId()), "");
    }

    /** What a client's session rests on. @throws IllegalStateException if its note cannot be read */
    public static Optional<RestsOn> of(AuthenticatedClientSessionModel clientSession) {
        return parse(clientSession.getNote(NOTE));
    }

    /**
     * What a client's part of a user's session rests on.
     *
     * @param clientId Keycloak's internal id
     * @throws IllegalStateException if its note cannot be read
     */
    public static Optional<RestsOn> of(UserSessionModel userSession, String clientId) {
        return parse(userSession.getNote(userNote(clientId)));
    }

    /** Whether anything in a user's session rests on a request. */
    static boolean any(UserSessionModel userSession, String requestId) {
        boolean byUser = userSession.getNotes().entrySet().stream()
                .filter(note -> note.getKey().startsWith(NOTE + "."))
                .anyMatch(note -> names(note.getValue(), requestId));
        return byUser
                || userSession.getAuthenticatedClientSessions().values().stream()
                        .anyMatch(client -> names(client.getNote(NOTE), requestId));
    }

    /** Whether the grant is over by what was noted, whatever else has happened to it. */
    public boolean isOver(Instant now) {
        return until != null && now.getEpochSecond() >= until;
    }

    private static boolean names(String note, String requestId) {
        return parse(note).filter(rests -> rests.request().equals(requestId)).isPresent();
    }

    private static Optional<RestsOn> parse(String note) {
        if (note == null || note.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(note, RestsOn.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the note " + NOTE + " of a session cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts and numbers can always be written", e);
        }
    }

    private static String userNote(String clientId) {
        return NOTE + "." + clientId;
    }
}
