package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.policy.Policy;
import java.util.List;
import java.util.OptionalDouble;

/** What a policy says about keeping its decisions: its section {@code decision_log}. */
interface LogRules {

    /** The share of allowed decisions to keep, from 0 to 1; empty where the policy says nothing. */
    OptionalDouble sample(Policy policy);

    /**
     * A context without what the policy wants taken out.
     *
     * @param context the JSON that the engine got
     */
    Redacted redact(Policy policy, String context);

    /**
     * @param context what may be kept
     * @param paths what was taken out
     */
    record Redacted(String context, List<String> paths) {}
}
