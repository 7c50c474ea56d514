package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.GrantTerms;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request as it stood when it was read. A snapshot: nothing done to it changes it.
 *
 * @param id opaque, without a colon; also the number that people are shown
 * @param key what it is for, and whose browser
 * @param requester who asks
 * @param policyName the policy that decided
 * @param policyHash its hash
 * @param ruleId the rule that decided, or null for the policy's default
 * @param reason the policy's sentence for people, or null
 * @param digest of the facts that the decision used
 * @param facts what approvers are shown, as a JSON object
 * @param justification what the requester wrote, or null
 * @param chain the pinned chain
 * @param grant for how long the approval stays good, or null where it is good once
 * @param matchCode the code on the requester's page
 * @param status where it stands
 * @param stageId the current stage's id, or null
 * @param deadline when something is due next, or null; for an approved request, until when it may be used
 * @param progress how far each stage is
 * @param openedAt when it was opened
 * @param updatedAt when its last event happened
 * @param seq the number of its last event
 */
public record ApprovalRequest(
        String id,
        RequestKey key,
        Requester requester,
        String policyName,
        String policyHash,
        String ruleId,
        String reason,
        String digest,
        String facts,
        String justification,
        Chain chain,
        GrantTerms grant,
        String matchCode,
        RequestStatus status,
        String stageId,
        Instant deadline,
        List<StageProgress> progress,
        Instant openedAt,
        Instant updatedAt,
        long seq) {

    /** The stage whose approvers are asked now. */
    public Optional<Stage> currentStage() {
        return Optional.ofNullable(stageId).flatMap(chain::stage);
    }

    /** What a vote on this snapshot says that it saw. */
    public Command.Shown shown() {
        return new Command.Shown(digest, stageId);
    }

    /** The same request as it stood at another status, for whoever tells of it later. */
    public ApprovalRequest as(RequestStatus earlier, Instant itsDeadline) {
        return new ApprovalRequest(
                id, key, requester, policyName, policyHash, ruleId, reason, digest, facts, justification, chain, grant, matchCode,
                earlier, stageId, itsDeadline, progress, openedAt, updatedAt, seq);
    }
}
