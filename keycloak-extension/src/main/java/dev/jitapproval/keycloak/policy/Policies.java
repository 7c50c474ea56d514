package dev.jitapproval.keycloak.policy;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** The policies that this server knows. Reading one costs no I/O. */
public interface Policies {

    /**
     * The policy that decides for a realm.
     *
     * @return empty where there is none: no file, or only ones that were never valid. There is then nothing that could allow a
     *     step, so the caller must refuse it.
     */
    Optional<Policy> active(String realmName);

    /** What an admin should know about a realm's policy. */
    PolicyStatus status(String realmName);

    /**
     * The policy that a request was opened under, from memory or from the database.
     *
     * @param hash {@code sha256:…}
     */
    Optional<Policy> byHash(KeycloakSession session, String hash);
}
