package dev.jitapproval.keycloak.engine;

import java.util.List;

/**
 * A request without the personal parts that were to go, to be stored byte for byte. Its hashes are what they were.
 *
 * @param pinned the pinned document
 * @param events the events, in order
 * @param erased what is gone now, and before
 */
public record Remains(String pinned, List<String> events, Proof.Erased erased) {

    public Remains {
        events = List.copyOf(events);
    }
}
