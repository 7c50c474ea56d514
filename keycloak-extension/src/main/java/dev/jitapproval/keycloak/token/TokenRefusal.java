package dev.jitapproval.keycloak.token;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/** Ends a token request. Of Keycloak's own kind, since some grants turn every other exception into {@code invalid_grant}. */
final class TokenRefusal extends CorsErrorResponseException {

    private static final long serialVersionUID = 1L;

    private final transient Cors cors;
    private final transient TokenError error;
    private final Response.Status status;

    private TokenRefusal(Cors cors, TokenError error, Response.Status status) {
        super(cors, error.error(), error.description(), status);
        this.cors = cors;
        this.error = error;
        this.status = status;
    }

    static TokenRefusal of(KeycloakSession session, ClientModel client, TokenError error) {
        Cors cors = Cors.builder()
                .auth()
                .allowedMethods("POST")
                .exposedHeaders(Cors.ACCESS_CONTROL_ALLOW_METHODS, HttpHeaders.WWW_AUTHENTICATE)
                .checkAllowedOrigins(session, client);
        return new TokenRefusal(cors, error, error.isStepUp() ? Response.Status.UNAUTHORIZED : Response.Status.BAD_REQUEST);
    }

    @Override
    public Response getResponse() {
        Response.ResponseBuilder answer = Response.status(status).entity(error).type(MediaType.APPLICATION_JSON_TYPE);
        if (error.challenge() != null) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, error.challenge());
        }
        return cors.add(answer);
    }
}
