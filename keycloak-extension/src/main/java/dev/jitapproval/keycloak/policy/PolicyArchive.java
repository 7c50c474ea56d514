package dev.jitapproval.keycloak.policy;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** Where the source of a policy that requests were opened under outlives its file. */
@FunctionalInterface
public interface PolicyArchive {

    /** The YAML text of the policy with this hash. */
    Optional<String> source(KeycloakSession session, String hash);
}
