package dev.jitapproval.keycloak.gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What ties a held request to the browser that asked: 256 random bits that only the browser keeps. The database sees nothing but
 * their SHA-256, so whoever reads the database cannot take over a request.
 */
public final class BrowserSecret {

    private static final int BYTES = 32;
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String value;

    private BrowserSecret(String value) {
        this.value = value;
    }

    /** A new secret. */
    public static BrowserSecret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new BrowserSecret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * The secret in a cookie's value.
     *
     * @return empty for anything that {@link #random()} cannot have made
     */
    public static Optional<BrowserSecret> parse(String cookie) {
        return cookie != null && WELL_FORMED.matcher(cookie).matches() ? Optional.of(new BrowserSecret(cookie)) : Optional.empty();
    }

    /** The cookie's value. */
    public String value() {
        return value;
    }

    /** What the database keeps: {@code sha256:} and 64 lower-case hex digits, of the cookie's value. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Whether a stored hash is this secret's, in a time that does not depend on where they differ.
     *
     * @param storedHash as {@link #hash()} gave it; {@code null} matches nothing
     */
    public boolean matches(String storedHash) {
        return storedHash != null
                && MessageDigest.isEqual(
                        hash().getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    /** Never the secret itself, so that it cannot end in a log. */
    @Override
    public String toString() {
        return "BrowserSecret";
    }
}
