package dev.jitapproval.keycloak.adminapi;

import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What a call says besides, when it is sent again because something was missing.
 *
 * @param confirmed the digest of the decision that the administrator confirms, or null
 * @param justification why they want to do it, or null
 */
record Repeat(String confirmed, String justification) {

    static final String CONFIRM = "X-JIT-Confirm";
    static final String JUSTIFY = "X-JIT-Justification";

    /** As long as a justification may be, in characters. */
    private static final int LONGEST = 1000;

    static Repeat of(HttpHeaders headers) {
        return new Repeat(headers.getHeaderString(CONFIRM), justification(headers.getHeaderString(JUSTIFY)));
    }

    /** In percent encoding, since headers hold only ASCII. */
    private static String justification(String written) {
        if (written == null || written.isBlank()) {
            return null;
        }
        try {
            String text = URLDecoder.decode(written.replace("+", "%2B"), StandardCharsets.UTF_8).strip();
            return text.length() <= LONGEST ? text : null;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }
}
