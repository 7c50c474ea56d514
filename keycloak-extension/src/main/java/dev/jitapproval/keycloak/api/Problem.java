package dev.jitapproval.keycloak.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * An answer that says what is wrong: problem details of RFC 9457, {@code application/problem+json}. Throwing it rolls the session's
 * transaction back; Keycloak would commit what was done before another exception that brings an answer along.
 */
public final class Problem extends WebApplicationException {

    /** {@code application/problem+json}. */
    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ProblemType type;
    private final String detail;
    private final ObjectNode more = MAPPER.createObjectNode();
    private String challenge;

    private Problem(ProblemType type, String detail) {
        super(type.code() + ": " + detail, type.status());
        this.type = type;
        this.detail = detail;
    }

    /**
     * @param detail a sentence for people: what is wrong, where, and what would be right; never anything secret
     */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail);
    }

    /** Something that does not exist, or that the caller may not know of; both must look the same. */
    public static Problem notFound(String what) {
        return of(ProblemType.NOT_FOUND, "There is no such " + what + ".");
    }

    /** A query parameter or header with a value that is no use. */
    public static Problem invalidParameter(String name, String whatWouldBeRight) {
        return of(ProblemType.INVALID_PARAMETER, name + " " + whatWouldBeRight).with("parameter", name);
    }

    /** The same problem with one more member. */
    public Problem with(String member, Object value) {
        more.set(member, MAPPER.valueToTree(value));
        return this;
    }

    /**
     * The same problem with parameters in {@code WWW-Authenticate} that tell a client what to do (RFC 6750, RFC 9470).
     *
     * @param parameters such as {@code error="insufficient_scope", scope="jit:decide"}; no text that anybody else wrote
     */
    public Problem challenge(String parameters) {
        challenge = "Bearer " + parameters;
        return this;
    }

    /** What is wrong. */
    public ProblemType type() {
        return type;
    }

    /** The answer. Asking for it rolls back. */
    @Override
    public Response getResponse() {
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        if (session != null) {
            session.getTransactionManager().setRollbackOnly();
        }
        return answer();
    }

    /** The answer, for a call in which nothing was done that there would be to roll back. */
    public Response answer() {
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        String instance = session == null ? null : session.getContext().getUri().getRequestUri().getRawPath();
        Response.ResponseBuilder response = Response.status(type.status())
                .type(MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(body(type, detail, instance, more));
        if (challenge != null || type.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, challenge == null ? "Bearer" : challenge);
        }
        return response.build();
    }

    /** The document as text, which needs no message body writer of Keycloak's. */
    static String body(ProblemType type, String detail, String instance, ObjectNode more) {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("type", type.uri());
        body.put("title", type.title());
        body.put("status", type.status());
        body.put("detail", detail);
        if (instance != null) {
            body.put("instance", instance);
        }
        body.put("code", type.code());
        body.setAll(more);
        return body.toString();
    }
}
