package dev.jitapproval.keycloak.flow;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What one tab remembers about one of its steps, in notes of its authentication session. Only a convenience: whose request it is, and where it
 * stands, is in the database.
 *
 * <p>The request's id is a client note as well, because those outlive the {@code /restart} that Keycloak sends a tab to when
 * another tab of the browser has logged in.
 */
public final class TabMemory {

    private static final String REQUEST = "request";
    private static final String SHOWN = "shown";
    private static final String SINCE = "since";
    private static final String REPLACED = "replaced";
    private static final String CONFIRMED = "confirmed";
    private static final String SPENT = "spent";
    private static final String REPORTED = "reported";
    private static final String REFERENCE = "reference";
    private static final String ANSWER = "answer";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AuthenticationSessionModel authSession;
    private final String prefix;

    /** @param action of the context schema that the step is: one login may come to several */
    public TabMemory(AuthenticationSessionModel authSession, String action) {
        this.authSession = authSession;
        this.prefix = "jit." + action + ".";
    }

    /** Lets go of all of it: what the step was about is done, or is something else now. */
    public void forget() {
        authSession.removeClientNote(prefix + REQUEST);
        for (String name : List.of(SHOWN, SINCE, REPLACED, CONFIRMED, SPENT, REPORTED, REFERENCE, ANSWER)) {
            authSession.removeAuthNote(prefix + name);
        }
    }

    /** The request that this tab waits for, or null. */
    String request() {
        return authSession.getClientNote(prefix + REQUEST);
    }

    /** Whether the login went back to its start since this tab was shown {@link #request()}. */
    boolean restarted() {
        return request() != null && !request().equals(note(SHOWN));
    }

    /**
     * Has this tab wait for a request.
     *
     * @param replacesOlder whether it stands in for one whose facts no longer held
     */
    void waitFor(String requestId, boolean replacesOlder, Instant now) {
        if (!requestId.equals(note(SHOWN))) {
            authSession.setClientNote(prefix + REQUEST, requestId);
            note(SHOWN, requestId);
            note(SINCE, Long.toString(now.getEpochSecond()));
            note(REPLACED, Boolean.toString(replacesOlder));
        }
    }

    /** Whether the request that this tab waits for stands in for an older one. */
    boolean replacedOlder() {
        return Boolean.parseBoolean(note(REPLACED));
    }

    /** Whether this tab has waited as long as a tab may. */
    public boolean waitedFor(Duration longest, Instant now) {
        String since = note(SINCE);
        return since != null && now.getEpochSecond() - Long.parseLong(since) >= longest.toSeconds();
    }

    /** The request whose approval was spent on this very login, or null. Goes when the login goes back to its start. */
    String spent() {
        return note(SPENT);
    }

    void spent(String requestId) {
        note(SPENT, requestId);
    }

    /** The digest of the decision that the user confirmed in this tab, or null. */
    String confirmedDigest() {
        return note(CONFIRMED);
    }

    void confirmed(String digest) {
        note(CONFIRMED, digest);
    }

    /** Whether this is news: each outcome becomes an event once, however often its page is shown again. */
    boolean report(String outcome) {
        if (outcome.equals(note(REPORTED))) {
            return false;
        }
        note(REPORTED, outcome);
        return true;
    }

    /** What the client is told when the person leaves the page that the tab shows. */
    String answer() {
        String answer = note(ANSWER);
        return answer == null ? "the user went back" : answer;
    }

    void answer(String answer) {
        note(ANSWER, answer);
    }

    /** What a person can tell an admin to find the event of a refusal that has no request. */
    String reference() {
        String reference = note(REFERENCE);
        if (reference == null) {
            byte[] bytes = new byte[4];
            RANDOM.nextBytes(bytes);
            reference = HexFormat.of().withUpperCase().formatHex(bytes);
            note(REFERENCE, reference);
        }
        return reference;
    }

    private String note(String name) {
        return authSession.getAuthNote(prefix + name);
    }

    private void note(String name, String value) {
        authSession.setAuthNote(prefix + name, value);
    }
}
