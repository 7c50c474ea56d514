package dev.jitapproval.keycloak.outbox;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a message stands. */
public enum OutboxState {
    /** It waits to be delivered, for the first time or again. */
    PENDING,
    /** It was delivered. Kept for a while, without its payload. */
    DONE,
    /** There was nothing to deliver; the row says why. Kept for a while. */
    SKIPPED,
    /** It could not be delivered, and nobody tries any more until an admin says so. Kept until then. */
    DEAD;

    /** The name in the database and in the API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state with this name. */
    public static Optional<OutboxState> of(String wireName) {
        return Arrays.stream(values()).filter(state -> state.wireName().equals(wireName)).findFirst();
    }
}
