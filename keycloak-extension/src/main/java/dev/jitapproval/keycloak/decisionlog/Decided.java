package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.policy.Policy;
import java.time.Instant;

/**
 * A decision and what came of it.
 *
 * @param realmId the realm's id
 * @param realmName the realm's name
 * @param userId whose step it was
 * @param clientId Keycloak's id of the client that was asked into
 * @param action the action of the context schema
 * @param at the instant that was decided on
 * @param policy the policy that decided
 * @param decision the engine's answer
 * @param context the JSON that the engine got
 * @param stopped whether the step did not go on
 * @param requestId the approval request that the step waits for or spent, or null
 */
public record Decided(
        String realmId,
        String realmName,
        String userId,
        String clientId,
        String action,
        Instant at,
        Policy policy,
        Decision decision,
        String context,
        boolean stopped,
        String requestId) {

    /** Whether a rule that only observes would have demanded more than what was done. */
    boolean observed() {
        Effect done = decision.effect();
        return decision.matched().stream()
                .anyMatch(match -> match.mode() == PolicyMode.OBSERVE && match.effect().compareTo(done) < 0);
    }
}
