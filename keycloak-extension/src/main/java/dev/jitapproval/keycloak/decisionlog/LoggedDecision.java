package dev.jitapproval.keycloak.decisionlog;

import java.time.Instant;

/**
 * A decision as it is kept.
 *
 * @param id a UUID
 * @param realmId the realm's id
 * @param at when, to the millisecond
 * @param action the action of the context schema
 * @param effect the decision's effect in the wire format
 * @param policyHash {@code sha256:…} of the policy's source
 * @param policyName the policy's name
 * @param ruleId the rule that decided, or null for the policy's default
 * @param userId whose step it was; null once erased
 * @param clientId Keycloak's id of the client
 * @param requestId the approval request, or null
 * @param observed whether it is kept because a rule in observe mode would have stopped the step
 * @param sampled whether it is one of a sample
 * @param rate the share of allowed decisions that were kept at the time, from 0 to 1
 * @param context the JSON that the engine got, without what was taken out
 * @param redacted a JSON array of the paths that were taken out
 * @param decision what came of it, as JSON; see {@link DecisionDocument}
 * @param digest of the facts that the decision used; null where nobody answers for it, under {@code allow} and {@code deny}
 */
public record LoggedDecision(
        String id,
        String realmId,
        Instant at,
        String action,
        String effect,
        String policyHash,
        String policyName,
        String ruleId,
        String userId,
        String clientId,
        String requestId,
        boolean observed,
        boolean sampled,
        double rate,
        String context,
        String redacted,
        String decision,
        String digest) {}
