package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.engine.GrantTerms;
import java.time.Instant;

/**
 * An approval that was used and stays good for a while. Its id is that of its request.
 *
 * @param request whose approval it is; says rule, chain, client and device
 * @param usedOn what it was first used on
 * @param from when the last stage approved
 * @param until when it ends by itself
 * @param revokedAt when it was taken back, or null
 */
public record Grant(ApprovalRequest request, UsedOn usedOn, Instant from, Instant until, Instant revokedAt) {

    /** The request's id. */
    public String id() {
        return request.id();
    }

    /** Whether it is good now. */
    public boolean isLive(Instant now) {
        return revokedAt == null && now.isBefore(until);
    }

    /** What it was given for. @throws IllegalStateException if the request pins no grant */
    public GrantTerms terms() {
        if (request.grant() == null) {
            throw new IllegalStateException("request " + request.id() + " has a grant that it does not pin");
        }
        return request.grant();
    }
}
