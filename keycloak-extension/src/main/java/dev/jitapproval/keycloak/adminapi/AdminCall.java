package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A call of the admin API, as it is to be done once it may.
 *
 * @param method of HTTP
 * @param address the path and the query, as they were sent
 * @param path where it goes
 * @param type what the body is said to be, or null
 * @param body as it was sent; empty where there is none
 */
record AdminCall(String method, String address, AdminPath path, MediaType type, byte[] body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * The body as JSON; missing where there is none, or where it is an upload, which only calls take that name in their path what they change.
     *
     * @throws dev.jitapproval.keycloak.api.Problem where it cannot be read
     */
    JsonNode json() {
        if (body.length == 0 || type != null && type.getType().equalsIgnoreCase("multipart")) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException notJson) {
            throw AdminAnswer.unreadable();
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory can be read", impossible);
        }
    }

    /** What the body is, without it. */
    String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
