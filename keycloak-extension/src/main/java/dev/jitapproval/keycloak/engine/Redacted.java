package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A context that may be kept.
 *
 * @param context the context, with null in the place of what was taken out
 * @param redacted the paths that were taken out
 */
public record Redacted(JsonNode context, List<String> redacted) {

    public Redacted {
        redacted = List.copyOf(redacted);
    }
}
