package dev.jitapproval.keycloak.policy;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The policies that this server knows. Reading one costs no I/O. */
public interface Policies {

    /**
     * The policy that decides for a realm.
     *
     * @return empty where there is none: nothing was activated, no file, or only what was never valid. There is then nothing that could
     *     allow a step, so the caller must refuse it.
     */
    Optional<Policy> active(RealmModel realm);

    /** What an admin should know about a realm's policy. */
    PolicyStatus status(RealmModel realm);

    /**
     * Whether a policy may have been meant for a realm, and what it says is not known here: nothing has been read yet, or what was read is no
     * good. A door that lets realms without a policy alone must not take this for one.
     */
    default boolean isUnknown(RealmModel realm) {
        return active(realm).isEmpty() && status(realm).lastError().isPresent();
    }

    /**
     * The policy that a request was opened under, from memory or from the database.
     *
     * @param hash {@code sha256:…}
     */
    Optional<Policy> byHash(KeycloakSession session, String hash);
}
