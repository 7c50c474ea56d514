package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Decision;

/** What the gate says about a step. Only {@link Pass} lets it go on. */
public sealed interface Verdict {

    /** The approval request that the step waits for, has waited for or was let through by; null where there is none. */
    default String requestId() {
        return null;
    }

    /**
     * The step goes on.
     *
     * @param how why, for events
     * @param decision the decision, or null where the engine was not asked
     * @param requestId the approval that was spent on it, or whose grant let it through, or null
     */
    record Pass(How how, Decision decision, String requestId) implements Verdict {}

    /** Why a step may go on. */
    enum How {
        /** The policy allows it. */
        ALLOWED,
        /** The user confirmed, and nothing else was demanded. */
        CONFIRMED,
        /** The user confirmed the same before, in this browser, and the rule lets that hold. */
        REMEMBERED,
        /** The user has reached the level that the policy demands, and nothing else was demanded. */
        STEPPED_UP,
        /** The approvers agreed; that approval is spent now. */
        APPROVED,
        /** The approvers agreed some time ago, and that approval is still good. */
        GRANTED,
        /** An approver on the way to a review, which ends without a session. */
        APPROVER_CLIENT,
        /** A start-up option lets this user into the admin console. */
        ADMIN_BYPASS
    }

    /**
     * The step ends here.
     *
     * @param why the kind of refusal
     * @param decision the decision, or null where there was none
     */
    record Refuse(Refusal why, Decision decision) implements Verdict {}

    /** Why a step is refused without an approver having been asked. */
    enum Refusal {
        /** The policy denies it. */
        POLICY,
        /** The policy demands a level of authentication that was not reached. */
        STEP_UP,
        /** The user's account is disabled or locked. */
        ACCOUNT,
        /** The client of the approvers is for reviews only. */
        APPROVER_CLIENT,
        /** The user has more open requests than approvers should be bothered with. */
        TOO_MANY_REQUESTS,
        /** The realm has no valid policy. */
        NO_POLICY,
        /** The engine, the database or the policy's facts failed. */
        UNAVAILABLE
    }

    /** The user must confirm explicitly, then the step is tried again with {@link Step#confirmedDigest()}. */
    record Confirm(Decision decision) implements Verdict {}

    /** The user must say why first, then the step is tried again with {@link Step#justification()}. */
    record Justify(Decision decision) implements Verdict {}

    /**
     * The step is held.
     *
     * @param request the pending request, committed
     * @param replacesOlder whether it stands in for a request whose facts no longer held
     */
    record Hold(ApprovalRequest request, boolean replacesOlder) implements Verdict {

        @Override
        public String requestId() {
            return request.id();
        }
    }

    /** The request that this step was waiting for has ended without letting it go on. */
    record Ended(ApprovalRequest request) implements Verdict {

        @Override
        public String requestId() {
            return request.id();
        }
    }

    /** Somebody would have to be shown a page, and the step said that there is nobody. Nothing was opened or spent. */
    record InteractionNeeded(Decision decision) implements Verdict {}
}
