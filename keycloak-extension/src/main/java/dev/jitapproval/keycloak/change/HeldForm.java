package dev.jitapproval.keycloak.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The form of a change that is held, kept in the tab's authentication session: what was approved is what is done, without being sent again. It
 * holds attributes of a profile and no credentials, for those have their gate before the form.
 */
final class HeldForm {

    private static final String NOTE = "jit.form.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, List<String>>> FIELDS = new TypeReference<>() {};

    private final AuthenticationSessionModel authSession;
    private final String note;

    /** @param requiredAction its id */
    HeldForm(AuthenticationSessionModel authSession, String requiredAction) {
        this.authSession = authSession;
        this.note = NOTE + requiredAction;
    }

    /** The form, where one is held. */
    Optional<MultivaluedMap<String, String>> get() {
        String json = authSession.getAuthNote(note);
        if (json == null) {
            return Optional.empty();
        }
        try {
            MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
            form.putAll(JSON.readValue(json, FIELDS));
            return Optional.of(form);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the note " + note + " is no form", e);
        }
    }

    /** @return whether this is another form than the one that was held before */
    boolean keep(MultivaluedMap<String, String> form) {
        String json = json(form);
        boolean isAnother = !json.equals(authSession.getAuthNote(note));
        authSession.setAuthNote(note, json);
        return isAnother;
    }

    void forget() {
        authSession.removeAuthNote(note);
    }

    private static String json(MultivaluedMap<String, String> form) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(form));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a form of strings can always be written", e);
        }
    }
}
