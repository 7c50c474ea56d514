package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.PolicyMode;
import java.util.List;

/**
 * A policy that the engine has accepted.
 *
 * @param hash {@code sha256:…} of the source's bytes: the policy's identity
 * @param name the name in the file
 * @param mode whether it is enforced or only observes
 * @param actions the actions that some rule is on, sorted
 * @param source the YAML text
 */
public record Policy(String hash, String name, PolicyMode mode, List<String> actions, String source) {

    public Policy {
        actions = List.copyOf(actions);
    }
}
