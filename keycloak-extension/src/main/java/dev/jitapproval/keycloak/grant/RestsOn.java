package dev.jitapproval.keycloak.grant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * An approval that a session rests on: a note of the client's session, and of the user's session by the client. The latter outlives the
 * client's session, and goes along where Keycloak makes a session of another kind out of the user's. Each action that led into the session
 * has a note of its own: who was let in by one approval and through a second door by another one, rests on both.
 *
 * @param request the approval request
 * @param rule the rule that asked for approval
 * @param approvedAt when the last stage approved; seconds since 1970
 * @param until when the grant ends, seconds since 1970; null where the approval was good once, and the session is as any other
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestsOn(
        String request, String rule, @JsonProperty("approved_at") long approvedAt, @JsonProperty("expires_at") Long until) {

    /** What the names of the notes begin with; the action follows, which holds no colon. */
    private static final String NOTE = "jit.approval:";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A session that the login at hand makes will rest on this. @param action of the context schema */
    void note(AuthenticationSessionModel authSession, String action) {
        authSession.setClientNote(NOTE + action, toText());
        authSession.setUserSessionNote(userNote(action, authSession.getClient().getId()), toText());
    }

    /** A session that there is already rests on this from now on. @param action of the context schema */
    void note(AuthenticatedClientSessionModel clientSession, String action) {
        clientSession.setNote(NOTE + action, toText());
        clientSession.getUserSession().setNote(userNote(action, clientSession.getClient().getId()), toText());
    }

    /**
     * The user's session rests on this as well from now on, for a token that a client has got in it; what was noted for others like it and is over
     * goes.
     *
     * @param action of the context schema
     * @param clientId Keycloak's internal id
     */
    void noteToken(UserSessionModel userSession, String action, String clientId, Instant now) {
        forgetTokens(userSession, action, clientId, now);
        userSession.setNote(tokenNote(action, clientId), toText());
    }

    /** Whether {@link #noteToken} has nothing to do. */
    boolean isNotedForToken(UserSessionModel userSession, String action, String clientId) {
        return toText().equals(userSession.getNote(tokenNote(action, clientId)));
    }

    /** What was noted for tokens of a client and is over, goes. @param clientId Keycloak's internal id */
    static void forgetTokens(UserSessionModel userSession, String action, String clientId, Instant now) {
        String tokens = userNote(action, clientId) + ":";
        List<String> over = userSession.getNotes().entrySet().stream()
                .filter(note -> note.getKey().startsWith(tokens))
                .filter(note -> parse(note.getValue()).filter(rests -> !rests.isOver(now)).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(userSession::removeNote);
    }

    /** Whether the login at hand has been let through by an approval at this action. */
    static boolean isNoted(AuthenticationSessionModel authSession, String action) {
        return parse(authSession.getClientNote(NOTE + action)).isPresent();
    }

    /** Whether a note of a session is about what it rests on. */
    static boolean isNote(String name) {
        return name.startsWith(NOTE);
    }

    /** The login at hand was let through anew, and what its session may have rested on since an earlier one is over. */
    static void forget(AuthenticationSessionModel authSession, String action) {
        authSession.setClientNote(NOTE + action, "");
        authSession.setUserSessionNote(userNote(action, authSession.getClient().getId()), "");
    }

    /** What a client's session rests on. @throws IllegalStateException if a note of it cannot be read */
    public static List<RestsOn> of(AuthenticatedClientSessionModel clientSession) {
        return clientSession.getNotes().entrySet().stream()
                .filter(note -> isNote(note.getKey()))
                .flatMap(note -> parse(note.getValue()).stream())
                .toList();
    }

    /**
     * What a client's part of a user's session rests on: the latest approval for each action.
     *
     * @param clientId Keycloak's internal id
     * @throws IllegalStateException if a note of it cannot be read
     */
    public static Map<String, RestsOn> of(UserSessionModel userSession, String clientId) {
        Map<String, RestsOn> grounds = new TreeMap<>();
        userSession.getNotes().forEach((name, text) -> {
            String[] parts = isNote(name) ? name.substring(NOTE.length()).split(":", 2) : new String[0];
            if (parts.length == 2 && (parts[1] + ":").startsWith(clientId + ":")) {
                parse(text).ifPresent(rests -> grounds.merge(
                        parts[0], rests, (one, other) -> one.approvedAt() > other.approvedAt() ? one : other));
            }
        });
        return grounds;
    }

    /** Whether anything in a user's session rests on a request. */
    static boolean any(UserSessionModel userSession, String requestId) {
        return isAmong(userSession.getNotes(), requestId)
                || userSession.getAuthenticatedClientSessions().values().stream()
                        .anyMatch(client -> isAmong(client.getNotes(), requestId));
    }

    /** Whether the grant is over by what was noted, whatever else has happened to it. */
    public boolean isOver(Instant now) {
        return until != null && now.getEpochSecond() >= until;
    }

    private static boolean isAmong(Map<String, String> notes, String requestId) {
        return notes.entrySet().stream()
                .filter(note -> isNote(note.getKey()))
                .flatMap(note -> parse(note.getValue()).stream())
                .anyMatch(rests -> rests.request().equals(requestId));
    }

    /** @param text null or empty says that there is none. @throws IllegalStateException if it is no text of {@link #toText()} */
    public static Optional<RestsOn> parse(String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(text, RestsOn.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what a session rests on cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /** As a text for notes and tokens. */
    public String toText() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts and numbers can always be written", e);
        }
    }

    private String tokenNote(String action, String clientId) {
        return userNote(action, clientId) + ":" + request;
    }

    private static String userNote(String action, String clientId) {
        return NOTE + action + ":" + clientId;
    }
}
