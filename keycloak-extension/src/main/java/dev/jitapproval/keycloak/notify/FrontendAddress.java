package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.lifecycle.PerRealm;
import java.net.URI;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.urls.UrlType;

/**
 * The server's address as people know it, for links. With {@code --hostname} set it is always known. Without, it comes from the
 * request at hand; a deadline that fires has no request, and the realm's last known address serves.
 */
final class FrontendAddress {

    private static final Logger LOG = Logger.getLogger(FrontendAddress.class);
    private static final PerRealm<URI> LAST_KNOWN = new PerRealm<>();

    private final KeycloakSession session;

    FrontendAddress(KeycloakSession session) {
        this.session = session;
    }

    /** The address, or empty (and logged) where nothing tells it. */
    Optional<URI> of(RealmModel realm) {
        try {
            URI base = session.getContext().getUri(UrlType.FRONTEND).getBaseUri();
            LAST_KNOWN.put(realm.getId(), base);
            return Optional.of(base);
        } catch (RuntimeException noRequest) {
            Optional<URI> known = LAST_KNOWN.get(realm.getId());
            if (known.isEmpty()) {
                LOG.warnf("No mail can be sent for realm %s: the server's address is not known before the first request. "
                        + "Set --hostname.", realm.getName());
            }
            return known;
        }
    }
}
