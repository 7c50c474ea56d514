package dev.jitapproval.keycloak.notify;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;

/**
 * Message identifiers of RFC 5322, section 3.6.4. A mail's is made of the key of its outbox message: who gets it twice, because the
 * server ended before it could note that it was sent, has one mail twice and not two. Every mail about a request refers to one id that
 * no mail has, so that programs show them together.
 */
final class MailIds {

    private static final int HASH_BYTES = 8;

    /** What the right side may be made of: dot-atom-text, in the form of a host name. */
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

    /** Reserved by RFC 2606: where the realm's sender has no usable domain, the left side alone is unique. */
    private static final String NO_DOMAIN = "jit-approval.invalid";

    private static final Pattern NOT_ATOM = Pattern.compile("[^A-Za-z0-9_-]+");

    private final String domain;

    /** @param from the realm's sender address, or null */
    MailIds(String from) {
        this.domain = domain(from);
    }

    /** {@code <request.seq.effect.stage.letter.person.hash@domain>}. */
    String mail(String key) {
        byte[] hash = HashUtils.hash(JavaAlgorithm.SHA256, key.getBytes(StandardCharsets.UTF_8));
        // The hash keeps keys apart that look the same once their special characters are gone.
        return "<" + atoms(key + "/") + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + "@" + domain + ">";
    }

    /** {@code <request@domain>}. */
    String thread(String requestId) {
        return "<" + atoms(requestId) + "@" + domain + ">";
    }

    private static String atoms(String text) {
        return NOT_ATOM.matcher(text).replaceAll(".").replaceFirst("^\\.", "");
    }

    private static String domain(String from) {
        if (from == null) {
            return NO_DOMAIN;
        }
        try {
            String ascii = IDN.toASCII(from.substring(from.lastIndexOf('@') + 1).strip());
            return DOMAIN.matcher(ascii).matches() ? ascii : NO_DOMAIN;
        } catch (IllegalArgumentException noDomain) {
            return NO_DOMAIN;
        }
    }
}
