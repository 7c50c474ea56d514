package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.engine.Advance.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * What came of a command.
 *
 * @param request the request afterwards; null only where opening one was rejected
 * @param appended the events that were stored; perhaps some even after a rejection, because a deadline was due
 * @param rejection why the command changed nothing, or null
 */
public record Outcome(ApprovalRequest request, List<ApprovalEvent> appended, Rejection rejection) {

    public Outcome {
        appended = List.copyOf(appended);
    }

    /** Whether the command did what it says. */
    public boolean accepted() {
        return rejection == null;
    }

    /** The stable code of the rejection. */
    public Optional<String> rejectionCode() {
        return Optional.ofNullable(rejection).map(Rejection::code);
    }
}
