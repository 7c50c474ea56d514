package dev.jitapproval.keycloak.risk;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The marks of a realm: under the key that signs now, and under the older ones that still count, so that a rotation of keys makes nobody a
 * stranger.
 */
final class RealmMarks {

    private final List<Marks> all;

    private RealmMarks(List<Marks> all) {
        this.all = all;
    }

    /** By the keys that Keycloak signs its own cookies with. */
    static RealmMarks of(KeycloakSession session, RealmModel realm) {
        String algorithm = Constants.INTERNAL_SIGNATURE_ALGORITHM;
        SecretKey active = session.keys().getActiveKey(realm, KeyUse.SIG, algorithm).getSecretKey();
        Stream<SecretKey> others = session.keys()
                .getKeysStream(realm, KeyUse.SIG, algorithm)
                .filter(key -> key.getStatus().isEnabled())
                .map(KeyWrapper::getSecretKey)
                .filter(Objects::nonNull)
                .filter(key -> !key.equals(active));
        return new RealmMarks(Stream.concat(Stream.of(active), others).map(Marks::new).toList());
    }

    /** What is written from now on. */
    Marks active() {
        return all.get(0);
    }

    /** What counts, the active one first. */
    List<Marks> all() {
        return all;
    }
}
