package dev.jitapproval.keycloak.approval;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.urls.UrlType;

/**
 * The server's address as people know it, for links in mails. With a URL as {@code --hostname} it is always known. Without, it comes from
 * the request at hand; what happens without one (a deadline, a retry) uses the realm's last known address.
 */
public final class FrontendAddress {

    private static final Map<String, URI> LAST_KNOWN = new ConcurrentHashMap<>();

    private FrontendAddress() {}

    /** The address, or empty where nothing tells it. */
    public static Optional<URI> of(KeycloakSession session, RealmModel realm) {
        try {
            URI base = session.getContext().getUri(UrlType.FRONTEND).getBaseUri();
            LAST_KNOWN.put(realm.getId(), base);
            return Optional.of(base);
        } catch (RuntimeException noRequest) {
            return Optional.ofNullable(LAST_KNOWN.get(realm.getId()));
        }
    }
}
