package dev.jitapproval.keycloak.engine;

import java.util.List;

/**
 * What an unbroken history proves.
 *
 * @param seq the number of the last event
 * @param head its hash
 * @param status where the request stood after it
 * @param erased the personal parts that are gone
 */
public record Proof(long seq, String head, RequestStatus status, Erased erased) {

    /**
     * @param pinned whether that of the pinned document is gone
     * @param events the numbers of the events whose personal part is gone
     */
    public record Erased(boolean pinned, List<Long> events) {

        public Erased {
            events = List.copyOf(events);
        }
    }
}
