package dev.jitapproval.keycloak.notify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.keycloak.jose.jws.crypto.HashUtils;
import org.keycloak.crypto.JavaAlgorithm;

/**
 * The payload of an engine's effect, and of the mails that come of it. Names nobody but by id, so that what people wrote stands in
 * the request alone.
 *
 * @param seq the number of the request's event that is the cause
 * @param status where the request stood then
 * @param stage the stage whose approvers are asked, or null
 * @param deadline when something was due next then, in RFC 3339, or null
 * @param base the server's address as people know it, or null where nothing told it
 * @param letter which mail; null in an effect
 * @param user whom it goes to; null in an effect
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MailOrder(long seq, String status, String stage, String deadline, String base, Letter.Kind letter, String user) {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final int HASH_BYTES = 16;

    /** @throws IllegalStateException if it cannot be read */
    static MailOrder parse(String payload) {
        try {
            return MAPPER.readValue(payload, MailOrder.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the payload of an outbox message cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    MailOrder to(Letter.Kind which, String userId) {
        return new MailOrder(seq, status, stage, deadline, base, which, userId);
    }

    /**
     * The key of the mail. A user id of a user federation may be as long as the whole key, so its hash stands for it.
     *
     * @param effect the key of the effect that the mail comes from
     */
    String key(String effect) {
        byte[] hash = HashUtils.hash(JavaAlgorithm.SHA256, user.getBytes(StandardCharsets.UTF_8));
        return effect + "/" + letter.wireName() + "/" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }

    String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a mail order cannot be written", e);
        }
    }
}
