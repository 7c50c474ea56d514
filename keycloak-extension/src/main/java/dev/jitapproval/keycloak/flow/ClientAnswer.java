package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.LoginProtocol.Error;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/** What the client is told when a step does not go on. */
final class ClientAnswer {

    private ClientAnswer() {}

    /**
     * Ends this tab's login and sends the browser back to the client: {@code access_denied} in OpenID Connect,
     * {@code RequestDenied} in SAML.
     */
    static Response accessDenied(AuthenticationFlowContext context, String description) {
        return send(context, Error.CONSENT_DENIED, description);
    }

    /** The same for {@code prompt=none}: {@code interaction_required}. */
    static Response interactionRequired(AuthenticationFlowContext context) {
        return send(context, Error.PASSIVE_INTERACTION_REQUIRED, null);
    }

    /** For a token endpoint, where nobody can be shown a page. */
    static Response json(String error, String description) {
        return Response.status(Response.Status.BAD_REQUEST)
                .entity(new OAuth2ErrorRepresentation(error, description))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** For a token endpoint: the step is refused. */
    static Response jsonDenied(String description) {
        return json(OAuthErrorException.ACCESS_DENIED, description);
    }

    /** For a token endpoint: a person with a browser could go on, here nobody can. */
    static Response jsonInteractionRequired() {
        return json(OAuthErrorException.INTERACTION_REQUIRED, "approval or confirmation is needed: sign in with a browser");
    }

    private static Response send(AuthenticationFlowContext context, Error error, String description) {
        LoginProtocol protocol = context.getSession()
                .getProvider(LoginProtocol.class, context.getAuthenticationSession().getProtocol());
        protocol.setRealm(context.getRealm())
                .setHttpHeaders(context.getHttpRequest().getHttpHeaders())
                .setUriInfo(context.getUriInfo())
                .setEventBuilder(context.getEvent());
        return protocol.sendError(context.getAuthenticationSession(), error, description);
    }
}
