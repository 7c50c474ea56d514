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
 * @param reads the paths of the context that some rule reads; a group's name stands for all of it
 * @param source the YAML text
 * @param decisionLog which of its decisions are kept, and what of them
 */
public record Policy(
        String hash, String name, PolicyMode mode, List<String> actions, List<String> reads, String source,
        LoadedPolicy.DecisionLog decisionLog) {

    public Policy {
        actions = List.copyOf(actions);
        reads = List.copyOf(reads);
    }

    /** A policy that reads no facts, and says nothing about keeping its decisions. */
    public Policy(String hash, String name, PolicyMode mode, List<String> actions, String source) {
        this(hash, name, mode, actions, List.of(), source, LoadedPolicy.DecisionLog.NONE);
    }
}
