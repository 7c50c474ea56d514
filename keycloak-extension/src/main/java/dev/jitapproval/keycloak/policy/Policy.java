package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.LoadedPolicy;
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
 * @param decisionLog which of its decisions are kept, and what of them
 */
public record Policy(
        String hash, String name, PolicyMode mode, List<String> actions, String source, LoadedPolicy.DecisionLog decisionLog) {

    public Policy {
        actions = List.copyOf(actions);
    }

    /** A policy that says nothing about keeping its decisions. */
    public Policy(String hash, String name, PolicyMode mode, List<String> actions, String source) {
        this(hash, name, mode, actions, source, LoadedPolicy.DecisionLog.NONE);
    }
}
