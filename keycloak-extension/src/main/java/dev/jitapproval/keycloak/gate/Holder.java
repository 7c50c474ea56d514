package dev.jitapproval.keycloak.gate;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who may wait for a request, see it and spend it: a browser by the secret in its cookie, or, where there is no browser, whoever proves again
 * what was proven when the request was opened. The database sees only a hash.
 */
public final class Holder {

    /** Keeps a back channel's hash from ever being a browser's, whose secret is 43 characters without this. */
    private static final String BACK_CHANNEL = "back-channel";

    private final BrowserSecret secret;
    private final String hash;
    private final boolean once;

    private Holder(BrowserSecret secret, String hash, boolean once) {
        this.secret = secret;
        this.hash = hash;
        this.once = once;
    }

    /** The browser that has this secret. */
    public static Holder browser(BrowserSecret secret) {
        return new Holder(secret, secret.hash(), false);
    }

    /**
     * Whoever proves these things again.
     *
     * @param proven ids of what was authenticated and what it is for, such as a client, a user, a session, an address, or the digest of a
     *     request's body; in an order that the door keeps. None of them may be what a caller chooses freely and another one can repeat,
     *     unless what is authenticated stands beside it
     */
    public static Holder backChannel(String... proven) {
        return backChannel(false, proven);
    }

    /**
     * The same where one of the things is the id of a step that goes on once: what was spent on it is not asked for again, whoever else was
     * about to spend it at that moment.
     */
    public static Holder backChannelOnce(String... proven) {
        return backChannel(true, proven);
    }

    private static Holder backChannel(boolean once, String... proven) {
        MessageDigest digest = sha256();
        add(digest, BACK_CHANNEL);
        for (String part : proven) {
            add(digest, requireNonNull(part, "proven"));
        }
        return new Holder(null, "sha256:" + HexFormat.of().formatHex(digest.digest()), once);
    }

    /** Whether its step goes on once. */
    public boolean goesOnOnce() {
        return once;
    }

    /** What the database keeps: {@code sha256:} and 64 lower-case hex digits. */
    public String hash() {
        return hash;
    }

    /** The browser's secret; empty on a back channel. */
    public Optional<BrowserSecret> secret() {
        return Optional.ofNullable(secret);
    }

    /**
     * Whether a stored hash is this holder's, in a time that does not depend on where they differ.
     *
     * @param storedHash {@code null} matches nothing
     */
    public boolean matches(String storedHash) {
        return storedHash != null
                && MessageDigest.isEqual(hash.getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    /** With its length before it, so that no two lists of parts are the same bytes. */
    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Never the hash or the secret, so that neither can end in a log. */
    @Override
    public String toString() {
        return "Holder";
    }
}
