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
 * @param reads the paths of the context that some rule reads, sorted; a group's name stands for all of it
 * @param decisionLog which decisions are kept, and what of them
 * @param warnings what its author should look at
 */
public record LoadedPolicy(
        String hash,
        String name,
        PolicyMode mode,
        List<String> actions,
        List<String> rules,
        List<String> reads,
        DecisionLog decisionLog,
        List<Diagnostic> warnings) {

    /**
     * What the policy says about keeping its decisions.
     *
     * @param sample the share, from 0 to 1, of the decisions to keep that hold nobody up, or null where the server's setting holds
     * @param redact the paths that are taken out of a context before it is kept
     */
    public record DecisionLog(Double sample, List<String> redact) {

        /** Nothing. */
        public static final DecisionLog NONE = new DecisionLog(null, List.of());

        public DecisionLog {
            redact = redact == null ? List.of() : List.copyOf(redact);
        }
    }

    public LoadedPolicy {
        requireNonNull(hash, "hash");
        actions = actions == null ? List.of() : List.copyOf(actions);
        rules = rules == null ? List.of() : List.copyOf(rules);
        reads = reads == null ? List.of() : List.copyOf(reads);
        decisionLog = decisionLog == null ? DecisionLog.NONE : decisionLog;
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }
}
