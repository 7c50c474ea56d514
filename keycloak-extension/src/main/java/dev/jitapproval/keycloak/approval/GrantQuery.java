package dev.jitapproval.keycloak.approval;

import java.time.Instant;

/**
 * Which grants are wanted; null asks for all.
 *
 * @param userId whose
 * @param clientId for which client, by Keycloak's internal id
 * @param ruleId of which rule
 * @param approverId who approved it
 * @param live true: those that are good at {@code now}; false: those that are not any more
 * @param now for {@code live}
 * @param after the last one of the page before
 */
public record GrantQuery(
        String userId, String clientId, String ruleId, String approverId, Boolean live, Instant now, Position after) {

    /** Those of a user that are good now. */
    public static GrantQuery liveOf(String userId, Instant now) {
        return new GrantQuery(userId, null, null, null, true, now, null);
    }

    /** Those for a client that are good now. */
    public static GrantQuery liveFor(String clientId, Instant now) {
        return new GrantQuery(null, clientId, null, null, true, now, null);
    }

    /**
     * A place in the list, which is sorted by the beginning, the latest first.
     *
     * @param id the request's
     */
    public record Position(Instant from, String id) {}
}
