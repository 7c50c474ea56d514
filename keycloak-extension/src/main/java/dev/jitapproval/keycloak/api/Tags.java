package dev.jitapproval.keycloak.api;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Strong entity tags (RFC 9110): the digest of what is answered. */
public final class Tags {

    private static final int BYTES = 16;

    private Tags() {}

    /** The tag of a representation. */
    public static EntityTag of(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            byte[] half = Arrays.copyOf(digest, BYTES);
            return new EntityTag(Base64.getUrlEncoder().withoutPadding().encodeToString(half));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The representation with its tag, or 304 where {@code If-None-Match} names it. */
    public static Response answer(Request request, Object entity) {
        String json = Json.write(entity);
        EntityTag tag = of(json);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return unchanged != null ? unchanged.tag(tag).build() : Json.ok(json).tag(tag).build();
    }

    /** @throws Problem 412, if {@code If-Match} does not name what there is now */
    public static void requireMatch(Request request, Object current) {
        if (request.evaluatePreconditions(of(Json.write(current))) != null) {
            throw Problem.of(ProblemType.PRECONDITION_FAILED,
                    "It has changed since the entity tag in If-Match was given; read it again.");
        }
    }
}
