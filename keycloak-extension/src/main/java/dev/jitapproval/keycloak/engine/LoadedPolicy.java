package dev.jitapproval.keycloak.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the engine says of a valid policy.
 *
 * @param hash {@code sha256:…} of the source's bytes
 * @param name the name in the file
 * @param mode whether it is enforced
 * @param actions the actions that some rule is on, sorted
 * @param rules the rules' ids, in the policy's order
 * @param warnings what its author should look at
 */
public record LoadedPolicy(
        String hash, String name, PolicyMode mode, List<String> actions, List<String> rules, List<Diagnostic> warnings) {

    public LoadedPolicy {
        requireNonNull(hash, "hash");
        actions = actions == null ? List.of() : List.copyOf(actions);
        rules = rules == null ? List.of() : List.copyOf(rules);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }
}
