package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.engine.WireTime;
import java.time.Instant;

/**
 * The lines of an export; see docs/audit.md. What is stored is passed on as it is, also where it was tampered with: then it is the verifier's to
 * name, not this server's to stumble over.
 */
final class ExportLines {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private ExportLines() {}

    static String realm(String id, String name, Instant at) {
        return JSON.createObjectNode()
                .put("type", "realm")
                .put("v", 1)
                .put("realm", name)
                .put("realm_id", id)
                .put("at", WireTime.format(at))
                .toString();
    }

    static String request(StoredHistory stored) {
        ObjectNode line = JSON.createObjectNode();
        line.put("type", "request");
        line.put("id", stored.id());
        line.put("status", stored.status());
        line.put("seq", stored.seq());
        line.put("head", stored.head());
        String text = line.toString();
        StringBuilder open = new StringBuilder(text.substring(0, text.length() - 1));
        open.append(",\"pinned\":").append(asItIs(stored.pinned()));
        if (!isErased(stored.pinned())) {
            ObjectNode words = JSON.createObjectNode();
            words.put("reason", stored.reason());
            words.put("justification", stored.justification());
            open.append(",\"shown\":{\"facts\":").append(asItIs(stored.facts()));
            open.append(',').append(words.toString().substring(1));
        }
        return open.append('}').toString();
    }

    static String event(String requestId, String event) {
        return "{\"type\":\"event\",\"request\":" + quote(requestId) + ",\"event\":" + asItIs(event) + "}";
    }

    static String end(long requests, long events) {
        return JSON.createObjectNode()
                .put("type", "end")
                .put("requests", requests)
                .put("events", events)
                .toString();
    }

    /** What was shown cannot be proven without the salt, and goes with it. */
    private static boolean isErased(String pinned) {
        try {
            return !JSON.readTree(pinned).has("personal");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Stored JSON as it is; on one line where it had several; as a string where it is no JSON at all. */
    private static String asItIs(String stored) {
        if (stored == null) {
            return "null";
        }
        try {
            JsonNode tree = JSON.readTree(stored);
            if (tree.isMissingNode()) {
                return quote(stored);
            }
            boolean oneLine = stored.indexOf('\n') < 0 && stored.indexOf('\r') < 0;
            return oneLine ? stored : tree.toString();
        } catch (JsonProcessingException e) {
            return quote(stored);
        }
    }

    private static String quote(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }
}
