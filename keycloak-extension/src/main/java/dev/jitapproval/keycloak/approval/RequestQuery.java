package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Instant;

/**
 * Which requests of a realm are asked for, newest first. Every part that is null does not narrow.
 *
 * @param status where they stand
 * @param userId the requester
 * @param clientId Keycloak's internal id of the client
 * @param policyName the policy that decided
 * @param ruleId the rule that decided
 * @param openedFrom opened then or later
 * @param openedBefore opened earlier
 * @param after only what comes after this one in the list
 */
public record RequestQuery(
        RequestStatus status,
        String userId,
        String clientId,
        String policyName,
        String ruleId,
        Instant openedFrom,
        Instant openedBefore,
        Position after) {

    /** Where a request stands in the list; no two have the same place. */
    public record Position(Instant openedAt, String id) {}

    /** All pending requests. */
    public static RequestQuery pending(Position after) {
        return new RequestQuery(RequestStatus.PENDING, null, null, null, null, null, null, after);
    }

    /** All requests of a user. */
    public static RequestQuery ofUser(String userId, Position after) {
        return new RequestQuery(null, userId, null, null, null, null, null, after);
    }
}
