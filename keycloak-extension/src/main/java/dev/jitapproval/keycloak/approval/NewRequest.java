package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.policy.Policy;

/**
 * A request about to be opened.
 *
 * @param key what it is for, and whose browser
 * @param requester who asks
 * @param policy the policy that decided; stored, so that the request outlives a change of the file
 * @param decision the decision that demands approval
 * @param facts what approvers are shown, as a JSON object
 * @param justification what the requester wrote, or null
 */
public record NewRequest(
        RequestKey key, Requester requester, Policy policy, Decision decision, String facts, String justification) {

    public NewRequest {
        requireNonNull(key, "key");
        requireNonNull(requester, "requester");
        requireNonNull(policy, "policy");
        requireNonNull(facts, "facts");
        if (decision.obligations().approval() == null) {
            throw new IllegalArgumentException("a decision without a chain asks for no approval: " + decision.effect());
        }
        if (!decision.policy().hash().equals(policy.hash())) {
            throw new IllegalArgumentException("the decision was made under another policy than " + policy.hash());
        }
    }
}
