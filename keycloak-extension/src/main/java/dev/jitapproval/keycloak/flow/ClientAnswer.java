package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.keycloak.OAuthErrorException;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.LoginProtocol.Error;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/** What the client is told when a step does not go on. */
public final class ClientAnswer {

    /** RFC 9470. */
    private static final String INSUFFICIENT_AUTHENTICATION = "insufficient_user_authentication";

    private ClientAnswer() {}

    /**
     * Ends this tab's login and sends the browser back to the client: {@code access_denied} in OpenID Connect,
     * {@code RequestDenied} in SAML.
     */
    public static Response accessDenied(Door door, String description) {
        return send(door, Error.CONSENT_DENIED, description);
    }

    /** The same for {@code prompt=none}: {@code interaction_required}. */
    public static Response interactionRequired(Door door) {
        return send(door, Error.PASSIVE_INTERACTION_REQUIRED, null);
    }

    /** For a token endpoint, where nobody can be shown a page. */
    static Response json(String error, String description) {
        return badRequest(new OAuth2ErrorRepresentation(error, description));
    }

    private static Response badRequest(Object entity) {
        return Response.status(Response.Status.BAD_REQUEST)
                .entity(entity)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** For a token endpoint: the step is refused. */
    static Response jsonDenied(String description) {
        return json(OAuthErrorException.ACCESS_DENIED, description);
    }

    /**
     * For a token endpoint: the level of authentication that was reached is too low (RFC 9470).
     *
     * @param acr the one that is demanded, as a client would ask for it
     */
    static Response jsonStepUp(String acr) {
        return badRequest(Map.of(
                "error", INSUFFICIENT_AUTHENTICATION,
                "error_description", "a stronger authentication is required",
                "acr_values", acr));
    }

    /** For a token endpoint: a person with a browser could go on, here nobody can. */
    static Response jsonInteractionRequired() {
        return json(OAuthErrorException.INTERACTION_REQUIRED, "approval or confirmation is needed: sign in with a browser");
    }

    private static Response send(Door door, Error error, String description) {
        LoginProtocol protocol = door.session().getProvider(LoginProtocol.class, door.authSession().getProtocol());
        protocol.setRealm(door.realm())
                .setHttpHeaders(door.request().getHttpHeaders())
                .setUriInfo(door.session().getContext().getUri())
                .setEventBuilder(door.event());
        return protocol.sendError(door.authSession(), error, description);
    }
}
