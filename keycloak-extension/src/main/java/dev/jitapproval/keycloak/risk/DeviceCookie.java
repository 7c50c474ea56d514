package dev.jitapproval.keycloak.risk;

import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.AuthenticationManager;

/** The cookie that carries a {@link DeviceToken}: {@code HttpOnly}, {@code SameSite=Lax}, for the realm's path, set only once a login has passed. */
final class DeviceCookie {

    /** The cookie's name. */
    static final String NAME = "JIT_DEVICE";

    /** As long as browsers keep a cookie. */
    private static final Duration MAX_AGE = Duration.ofDays(400);

    private DeviceCookie() {}

    static Optional<DeviceToken> read(KeycloakSession session, RealmModel realm, RealmMarks marks) {
        Cookie cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(NAME);
        return cookie == null ? Optional.empty() : DeviceToken.parse(cookie.getValue(), realm.getId(), marks.all());
    }

    /** Written anew at each login, so that a browser in use keeps it, and under the newest key. */
    static void write(KeycloakSession session, RealmModel realm, RealmMarks marks, DeviceToken device) {
        UriInfo uri = session.getContext().getUri();
        session.getContext().getHttpResponse().setCookieIfAbsent(new NewCookie.Builder(NAME)
                .value(device.written(realm.getId(), marks.active()))
                .path(AuthenticationManager.getRealmCookiePath(realm, uri))
                .maxAge((int) MAX_AGE.toSeconds())
                .secure("https".equals(uri.getBaseUri().getScheme()))
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                .build());
    }
}
