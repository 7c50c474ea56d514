package dev.jitapproval.keycloak.eligibility;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Which person an account belongs to. Self-approval and quorums are counted in people, so that a second account is no
 * second opinion.
 */
public final class PersonKeys {

    /** The user attribute that gives several accounts to one person. Only admins may be able to edit it. */
    public static final String ATTRIBUTE = "person_key";

    private static final int MAX_LENGTH = 255;

    private PersonKeys() {}

    /**
     * The key of the person behind an account: the attribute {@value #ATTRIBUTE}, or the user's id where it is unset. Empty
     * where the account carries the attribute in a realm whose users can edit it, or carries more than one: then nobody
     * knows who it is, and the account can neither ask nor approve.
     */
    public static Optional<String> of(KeycloakSession session, RealmModel realm, UserModel user) {
        var values = user.getAttributeStream(ATTRIBUTE).filter(value -> !value.isBlank()).distinct().limit(2).toList();
        if (values.isEmpty()) {
            return Optional.of(user.getId());
        }
        if (values.size() > 1 || values.get(0).length() > MAX_LENGTH || !AttributeTrust.adminOnly(session, realm, ATTRIBUTE)) {
            return Optional.empty();
        }
        return Optional.of(values.get(0).strip());
    }
}
