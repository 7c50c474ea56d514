package dev.jitapproval.keycloak.token;

import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.grants.ciba.channel.AuthenticationChannelProvider;
import org.keycloak.protocol.oidc.grants.ciba.channel.CIBAAuthenticationRequest;
import org.keycloak.protocol.oidc.grants.ciba.resolvers.CIBALoginUserResolver;

/**
 * The notes that an authentication request is held, and by which approval it went on; kept where Keycloak keeps the request itself, and for as long.
 * Where they are lost, so is the request; and a device that was never asked cannot answer.
 */
final class HeldCiba {

    private static final Logger LOG = Logger.getLogger(HeldCiba.class);

    private static final String PREFIX = "jit-ciba:";
    private static final String PASSED_PREFIX = "jit-ciba-passed:";
    private static final String APPROVAL = "approval";

    /** As Keycloak keeps a request beyond its end, to be able to say that it ended. */
    private static final long GRACE_SECONDS = 60;

    /** For the channel, which is asked later in the HTTP request that begins it. */
    private static final String HELD_NOW = HeldCiba.class.getName();

    private final KeycloakSession session;
    private final CIBAAuthenticationRequest request;

    HeldCiba(KeycloakSession session, CIBAAuthenticationRequest request) {
        this.session = session;
        this.request = request;
    }

    void hold() {
        session.singleUseObjects().put(key(), lifespan(), Map.of());
        session.setAttribute(HELD_NOW, request.getId());
    }

    /** Whether the HTTP request at hand has begun it, and must not go on to the device. */
    boolean isHeldNow() {
        return request.getId().equals(session.getAttribute(HELD_NOW));
    }

    boolean isHeld() {
        return session.singleUseObjects().contains(key());
    }

    /** @param approval whose request let it go on, or null where nobody had to approve */
    void passed(String approval) {
        if (approval != null) {
            session.singleUseObjects().put(passedKey(), lifespan(), Map.of(APPROVAL, approval));
        }
    }

    /** The approval by which it went on. */
    Optional<String> approval() {
        return Optional.ofNullable(session.singleUseObjects().get(passedKey())).map(notes -> notes.get(APPROVAL));
    }

    /** @return whether the device has been asked */
    boolean sendOn(UserModel user) {
        if (session.singleUseObjects().remove(key()) == null) {
            return true;
        }
        try {
            String who = session.getProvider(CIBALoginUserResolver.class).getInfoUsedByAuthentication(user);
            return session.getProvider(AuthenticationChannelProvider.class).requestAuthentication(request, who);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The authentication channel failed");
            return false;
        }
    }

    private long lifespan() {
        return session.getContext().getRealm().getCibaPolicy().getExpiresIn() + GRACE_SECONDS;
    }

    private String passedKey() {
        return PASSED_PREFIX + request.getId();
    }

    private String key() {
        return PREFIX + request.getId();
    }
}
