package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.Advance.Rejection;
import java.util.ArrayList;
import java.util.List;

/**
 * What one transaction did to a request.
 *
 * @param after the request afterwards, or null where opening one was rejected
 * @param events what was stored
 * @param rejection why the command changed nothing, or null
 * @param forListeners what to tell once it is committed, in order
 */
record Change(
        ApprovalRequest after, List<ApprovalEvent> events, Rejection rejection, List<ApprovalChange> forListeners) {

    /** Both in one transaction: listeners hear of the earlier one first. */
    Change following(Change earlier) {
        List<ApprovalChange> all = new ArrayList<>(earlier.forListeners);
        all.addAll(forListeners);
        return new Change(after, events, rejection, List.copyOf(all));
    }

    Outcome outcome() {
        return new Outcome(after, events, rejection);
    }
}
