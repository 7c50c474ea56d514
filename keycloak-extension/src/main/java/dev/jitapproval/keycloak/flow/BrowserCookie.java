package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.gate.BrowserSecret;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * The cookie that carries a {@link BrowserSecret}.
 *
 * <p>{@code HttpOnly}, because no script needs it. {@code SameSite=Lax} rather than {@code Strict}, because a login comes by a
 * top-level navigation from the application's site and must find its pending request; rather than {@code None}, because nothing else
 * from another site has any business with it: a forged POST, a frame or an image goes without. Its path is the realm's.
 */
public final class BrowserCookie {

    /** The cookie's name. */
    public static final String NAME = "JIT_BROWSER";

    /** As long as the longest stage of a chain may take, so that closing the browser does not lose the request. */
    private static final Duration MAX_AGE = Duration.ofDays(30);

    private BrowserCookie() {}

    /** The secret that this browser sent along. */
    public static Optional<BrowserSecret> read(KeycloakSession session) {
        Cookie cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(NAME);
        return cookie == null ? Optional.empty() : BrowserSecret.parse(cookie.getValue());
    }

    /** Has the response leave this secret in the browser. */
    public static void write(KeycloakSession session, RealmModel realm, BrowserSecret secret) {
        session.getContext().getHttpResponse().setCookieIfAbsent(cookie(session.getContext().getUri(), realm, secret));
    }

    private static NewCookie cookie(UriInfo uri, RealmModel realm, BrowserSecret secret) {
        return new NewCookie.Builder(NAME)
                .value(secret.value())
                .path(AuthenticationManager.getRealmCookiePath(realm, uri))
                .maxAge((int) MAX_AGE.toSeconds())
                .secure("https".equals(uri.getBaseUri().getScheme()))
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }
}
