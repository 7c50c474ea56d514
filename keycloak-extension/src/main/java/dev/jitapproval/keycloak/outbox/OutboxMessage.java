package dev.jitapproval.keycloak.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A side effect to come.
 *
 * @param key names the effect for ever: a second message with it is the same one. At most 255 characters; for the effect of a request
 *     {@code <request>/<seq>/<effect>[/<stage>]}
 * @param realmId the realm that it belongs to, and is removed with
 * @param kind whose handler delivers it: the provider id in the SPI {@code jit-outbox-handler}, at most 64 characters
 * @param requestId the approval request that it is about, or null
 * @param payload a JSON document for the handler. No secrets: it rests in the database until it is delivered
 * @param delay how long after its cause the first attempt is made; zero in one that was read back, whose row says when it is due
 */
public record OutboxMessage(String key, String realmId, String kind, String requestId, String payload, Duration delay) {

    /** The longest key that the database takes. */
    static final int MAX_KEY = 255;

    private static final int MAX_KIND = 64;

    /** One that is delivered as soon as it can be. */
    public OutboxMessage(String key, String realmId, String kind, String requestId, String payload) {
        this(key, realmId, kind, requestId, payload, Duration.ZERO);
    }

    public OutboxMessage {
        requireNonNull(realmId, "realmId");
        requireNonNull(payload, "payload");
        requireNonNull(delay, "delay");
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("the key of an outbox message has " + key.length() + " characters; 1 to " + MAX_KEY
                    + " would be right: " + key);
        }
        if (kind.isEmpty() || kind.length() > MAX_KIND) {
            throw new IllegalArgumentException("the kind of an outbox message has " + kind.length() + " characters; 1 to " + MAX_KIND
                    + " would be right: " + kind);
        }
    }
}
