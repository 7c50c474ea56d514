package dev.jitapproval.keycloak.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.util.regex.Pattern;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/**
 * Below the addresses of the two APIs, every error is a problem: what Keycloak raises before or beside our resources (no token, no such
 * path, a method or a media type that is not there) in its own form as well. And no answer is stored anywhere.
 */
@Provider
public final class ProblemFilter implements ContainerResponseFilter {

    /** Both APIs; not the pages and the status of the waiting page, which browsers ask for. */
    private static final Pattern API = Pattern.compile(
            "/?(?:admin/realms/[^/]+/jit-approval|realms/[^/]+/jit-approval(?!/(?:review|inbox|ended|status|wait)(?:/|$)))(?:/.*)?");

    private static final Annotation[] NO_ANNOTATIONS = {};

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!isApi(request.getUriInfo().getPath())) {
            return;
        }
        response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        if (response.getStatus() < 400 || isProblem(response.getMediaType())) {
            return;
        }
        ProblemType type = ProblemType.ofStatus(response.getStatus());
        String body = Problem.body(
                type,
                detail(type, response.getEntity(), request.getMethod()),
                request.getUriInfo().getRequestUri().getRawPath(),
                JsonNodeFactory.instance.objectNode());
        response.setStatus(type.status());
        response.setEntity(body, NO_ANNOTATIONS, Problem.MEDIA_TYPE);
        if (type == ProblemType.UNAUTHORIZED) {
            response.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
    }

    static boolean isApi(String path) {
        return API.matcher(path).matches();
    }

    private static boolean isProblem(MediaType type) {
        return type != null && Problem.MEDIA_TYPE.isCompatible(type);
    }

    private static String detail(ProblemType type, Object entity, String method) {
        return switch (type) {
            case UNAUTHORIZED -> "Send a valid access token of this realm, or of an admin of the realm master, as"
                    + " Authorization: Bearer.";
            case FORBIDDEN -> "The caller may not do this.";
            case NOT_FOUND -> "There is no such realm or resource.";
            case METHOD_NOT_ALLOWED -> "The resource knows no " + method + "; OPTIONS tells what it knows.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send the body as Content-Type: application/json.";
            case NOT_ACCEPTABLE -> "Ask for application/json.";
            case PRECONDITION_FAILED -> "The resource is not as the request's condition says; read it again.";
            case INTERNAL_ERROR -> "The cause is in the server's log.";
            default -> entity instanceof OAuth2ErrorRepresentation error && error.getErrorDescription() != null
                    ? error.getErrorDescription()
                    : type.title() + ".";
        };
    }
}
