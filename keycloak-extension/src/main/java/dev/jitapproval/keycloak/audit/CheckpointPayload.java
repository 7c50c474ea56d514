package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.engine.WireTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a checkpoint says.
 *
 * @param realmName the realm's name at the time
 * @param previous the hash of the checkpoint before, or null for the first
 * @param heads of every request of the realm, by id
 * @param removed by retention since the checkpoint before, by id
 */
record CheckpointPayload(
        String realmId, String realmName, long seq, Instant at, String previous, List<Head> heads, List<Head> removed) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The bytes that are signed: canonical JSON, so the members go by their names. */
    byte[] bytes() {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("at", WireTime.format(at));
        payload.set("heads", array(heads));
        payload.put("previous", previous);
        payload.put("realm", realmName);
        payload.put("realm_id", realmId);
        payload.set("removed", array(removed));
        payload.put("seq", seq);
        payload.put("v", 1);
        return payload.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the payload of a compact JWS. The signature is not looked at: what this server has stored is compared with what it stores
     * now, and proves nothing to anybody else.
     */
    static CheckpointPayload of(String jws) {
        try {
            JsonNode payload = JSON.readTree(Base64.getUrlDecoder().decode(jws.split("\\.", 3)[1]));
            return new CheckpointPayload(
                    payload.required("realm_id").textValue(),
                    payload.required("realm").textValue(),
                    payload.required("seq").longValue(),
                    Instant.parse(payload.required("at").textValue()),
                    payload.required("previous").textValue(),
                    heads(payload.required("heads")),
                    heads(payload.required("removed")));
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException("a stored checkpoint cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@code sha256:…} of a checkpoint's compact JWS. */
    static String hash(String jws) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(jws.getBytes(StandardCharsets.US_ASCII));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ArrayNode array(List<Head> heads) {
        ArrayNode array = JSON.createArrayNode();
        heads.forEach(head -> array.addObject()
                .put("head", head.head())
                .put("request", head.request())
                .put("seq", head.seq()));
        return array;
    }

    private static List<Head> heads(JsonNode array) throws JsonProcessingException {
        List<Head> heads = new ArrayList<>();
        for (JsonNode head : array) {
            heads.add(new Head(
                    head.required("request").textValue(),
                    head.required("seq").longValue(),
                    head.required("head").textValue()));
        }
        return heads;
    }
}
