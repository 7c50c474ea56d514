package dev.jitapproval.keycloak.risk;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a browser keeps to be known again: 256 random bits, and the realm's signature over them. It says nothing about whose browser it is;
 * that stands in the database, as a mark for each user who has logged in with it.
 *
 * @param id 43 characters
 */
record DeviceToken(String id) {

    private static final Pattern WRITTEN = Pattern.compile("([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})");
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A browser that was never seen. */
    static DeviceToken random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new DeviceToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * Reads a cookie.
     *
     * @param keys the realm's, older ones too
     * @return empty for anything that this realm did not sign
     */
    static Optional<DeviceToken> parse(String cookie, String realmId, List<Marks> keys) {
        var found = WRITTEN.matcher(cookie == null ? "" : cookie);
        if (!found.matches()) {
            return Optional.empty();
        }
        String id = found.group(1);
        byte[] signature = found.group(2).getBytes(StandardCharsets.US_ASCII);
        boolean signed = false;
        for (Marks key : keys) {
            signed |= MessageDigest.isEqual(key.signature(realmId, id).getBytes(StandardCharsets.US_ASCII), signature);
        }
        return signed ? Optional.of(new DeviceToken(id)) : Optional.empty();
    }

    /** The cookie's value. */
    String written(String realmId, Marks key) {
        return id + "." + key.signature(realmId, id);
    }

    /** Never the id, so that it cannot end in a log. */
    @Override
    public String toString() {
        return "DeviceToken";
    }
}
