package dev.jitapproval.keycloak.eligibility;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        List<String> values = given(user.getAttributeStream(ATTRIBUTE));
        return values.isEmpty() ? Optional.of(user.getId()) : trusted(session, realm, values);
    }

    /**
     * The key that a mapper of an identity provider would give to an account which is not there yet. Empty where there is none, or none that
     * can be trusted.
     *
     * @param values of the attribute, as the provider's mappers made them
     */
    public static Optional<String> mapped(KeycloakSession session, RealmModel realm, List<String> values) {
        List<String> given = given(values.stream());
        return given.isEmpty() ? Optional.empty() : trusted(session, realm, given);
    }

    private static List<String> given(Stream<String> values) {
        return values.filter(value -> value != null && !value.isBlank()).distinct().limit(2).toList();
    }

    private static Optional<String> trusted(KeycloakSession session, RealmModel realm, List<String> values) {
        boolean known = values.size() == 1 && values.get(0).length() <= MAX_LENGTH && AttributeTrust.adminOnly(session, realm, ATTRIBUTE);
        return known ? Optional.of(values.get(0).strip()) : Optional.empty();
    }
}
