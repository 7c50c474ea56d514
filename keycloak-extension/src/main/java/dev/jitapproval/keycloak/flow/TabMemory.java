package dev.jitapproval.keycloak.flow;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What one tab remembers about its step, in notes of its authentication session. Only a convenience: whose request it is, and where it
 * stands, is in the database.
 *
 * <p>The request's id is a client note as well, because those outlive the {@code /restart} that Keycloak sends a tab to when
 * another tab of the browser has logged in.
 */
public final class TabMemory {

    private static final String REQUEST = "jit.request";
    private static final String SHOWN = "jit.shown";
    private static final String SINCE = "jit.since";
    private static final String REPLACED = "jit.replaced";
    private static final String CONFIRMED = "jit.confirmed";
    private static final String SPENT = "jit.spent";
    private static final String REPORTED = "jit.reported";
    private static final String REFERENCE = "jit.reference";
    private static final String ANSWER = "jit.answer";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AuthenticationSessionModel authSession;

    public TabMemory(AuthenticationSessionModel authSession) {
        this.authSession = authSession;
    }

    /** The request that this tab waits for, or null. */
    String request() {
        return authSession.getClientNote(REQUEST);
    }

    /** Whether the login went back to its start since this tab was shown {@link #request()}. */
    boolean restarted() {
        return request() != null && !request().equals(authSession.getAuthNote(SHOWN));
    }

    /**
     * Has this tab wait for a request.
     *
     * @param replacesOlder whether it stands in for one whose facts no longer held
     */
    void waitFor(String requestId, boolean replacesOlder, Instant now) {
        if (!requestId.equals(authSession.getAuthNote(SHOWN))) {
            authSession.setClientNote(REQUEST, requestId);
            authSession.setAuthNote(SHOWN, requestId);
            authSession.setAuthNote(SINCE, Long.toString(now.getEpochSecond()));
            authSession.setAuthNote(REPLACED, Boolean.toString(replacesOlder));
        }
    }

    /** Whether the request that this tab waits for stands in for an older one. */
    boolean replacedOlder() {
        return Boolean.parseBoolean(authSession.getAuthNote(REPLACED));
    }

    /** Whether this tab has waited as long as a tab may. */
    public boolean waitedFor(Duration longest, Instant now) {
        String since = authSession.getAuthNote(SINCE);
        return since != null && now.getEpochSecond() - Long.parseLong(since) >= longest.toSeconds();
    }

    /** The request whose approval was spent on this very login, or null. Goes when the login goes back to its start. */
    String spent() {
        return authSession.getAuthNote(SPENT);
    }

    void spent(String requestId) {
        authSession.setAuthNote(SPENT, requestId);
    }

    /** The digest of the decision that the user confirmed in this tab, or null. */
    String confirmedDigest() {
        return authSession.getAuthNote(CONFIRMED);
    }

    void confirmed(String digest) {
        authSession.setAuthNote(CONFIRMED, digest);
    }

    /** Whether this is news: each outcome becomes an event once, however often its page is shown again. */
    boolean report(String outcome) {
        if (outcome.equals(authSession.getAuthNote(REPORTED))) {
            return false;
        }
        authSession.setAuthNote(REPORTED, outcome);
        return true;
    }

    /** What the client is told when the person leaves the page that the tab shows. */
    String answer() {
        String answer = authSession.getAuthNote(ANSWER);
        return answer == null ? "the user went back" : answer;
    }

    void answer(String answer) {
        authSession.setAuthNote(ANSWER, answer);
    }

    /** What a person can tell an admin to find the event of a refusal that has no request. */
    String reference() {
        String reference = authSession.getAuthNote(REFERENCE);
        if (reference == null) {
            byte[] bytes = new byte[4];
            RANDOM.nextBytes(bytes);
            reference = HexFormat.of().withUpperCase().formatHex(bytes);
            authSession.setAuthNote(REFERENCE, reference);
        }
        return reference;
    }
}
