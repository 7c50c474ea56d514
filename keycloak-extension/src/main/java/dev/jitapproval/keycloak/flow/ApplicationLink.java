package dev.jitapproval.keycloak.flow;

import java.net.URI;
import java.net.URISyntaxException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.util.ResolveRelative;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Where the application is, for a page that can no longer answer it through the protocol. */
final class ApplicationLink {

    private ApplicationLink() {}

    /** The client's base URL, else the origin of the redirect URI that Keycloak has checked, else null; only http and https. */
    static String of(KeycloakSession session, AuthenticationSessionModel authSession) {
        ClientModel client = authSession.getClient();
        String base = web(ResolveRelative.resolveRelativeUri(session, client.getRootUrl(), client.getBaseUrl()));
        return base != null ? base : origin(authSession.getRedirectUri());
    }

    private static String origin(String redirectUri) {
        if (web(redirectUri) == null) {
            return null;
        }
        try {
            URI uri = new URI(redirectUri);
            return new URI(uri.getScheme(), uri.getAuthority(), "/", null, null).toString();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String web(String uri) {
        return uri != null && (uri.startsWith("https://") || uri.startsWith("http://")) ? uri : null;
    }
}
