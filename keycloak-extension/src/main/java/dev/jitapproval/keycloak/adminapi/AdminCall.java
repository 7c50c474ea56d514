package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.keycloak.util.JsonSerialization;

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

    /**
     * The body as JSON, whatever it is said to be, as Keycloak's own parser reads it; missing where there is none, or one that is no JSON and need
     * not be: uploads, forms, texts and the bare id of a member, of which the path says what they change.
     *
     * @throws dev.jitapproval.keycloak.api.Problem where it cannot be read and has to be
     */
    JsonNode json() {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JsonSerialization.mapper.readTree(body);
        } catch (JsonProcessingException notJson) {
            boolean mustBe = type == null || type.getSubtype().toLowerCase(Locale.ROOT).endsWith("json");
            if (mustBe && !path.starts("organizations", "*", "members")) {
                throw AdminAnswer.unreadable();
            }
            return MissingNode.getInstance();
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
