package dev.jitapproval.keycloak.outbox;

import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

/** Takes side effects, so that they happen if and only if their cause is committed. */
public interface Outbox extends Provider {

    /**
     * The outbox in a session's transaction.
     *
     * @throws IllegalStateException if the server was started without one
     */
    static Outbox of(KeycloakSession session) {
        Outbox outbox = session.getProvider(Outbox.class);
        if (outbox == null) {
            throw new IllegalStateException("no provider of the SPI `jit-outbox` is enabled");
        }
        return outbox;
    }

    /**
     * Stores a message in the session's transaction, unless there is one with its key. It is delivered soon after the commit, by the
     * handler of its kind, at least once; a repeat has the same key.
     */
    void put(OutboxMessage message);

    /** The same for a message that is about no approval request. */
    default void put(String key, String realmId, String kind, String payload) {
        put(new OutboxMessage(key, realmId, kind, null, payload));
    }

    /**
     * Lets a realm's dead or skipped message begin again, in the session's transaction.
     *
     * @return whether it was one
     */
    boolean redrive(String realmId, String id);

    /**
     * The same for all of a realm's dead messages.
     *
     * @param kind of that kind only, or null
     * @return how many there were
     */
    int redriveDead(String realmId, String kind);

    @Override
    default void close() {}
}
