package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.review.Reports;
import java.util.List;

/**
 * How a request ended, in words.
 *
 * @param heading the page's heading
 * @param outcome what happened, as a sentence
 * @param comment what the approver who refused wrote, or null; only if the chain has {@code show_approvers}
 */
public record EndText(String heading, String outcome, String comment) {

    /**
     * @param request a request that has ended
     * @param history its events, oldest first
     */
    public static EndText of(ApprovalRequest request, List<ApprovalEvent> history, Messages messages) {
        return switch (request.status()) {
            case DENIED -> denied(request, history, messages);
            case REVOKED -> text("jitDeniedHeading", "jitRevokedText", messages);
            case CANCELLED -> text("jitCancelledHeading", "jitCancelledText", messages);
            case EXPIRED -> text("jitExpiredHeading", wasApproved(request) ? "jitExpiredUnusedText" : "jitExpiredText", messages);
            case USED -> text("jitUsedHeading", "jitUsedText", messages);
            case PENDING, APPROVED -> throw new IllegalArgumentException("request " + request.id() + " has not ended");
        };
    }

    private static EndText denied(ApprovalRequest request, List<ApprovalEvent> history, Messages messages) {
        ApprovalEvent denial = history.stream()
                .filter(event -> RequestStatus.DENIED.wireName().equals(event.kind()))
                .reduce((earlier, later) -> later)
                .orElse(null);
        if (denial == null || denial.actor() == null || denial.actor().kind() == Actor.Kind.SYSTEM) {
            return text("jitDeniedHeading", "jitDeniedBySystemText", messages);
        }
        return new EndText(
                messages.get("jitDeniedHeading"),
                messages.get("jitDeniedText"),
                request.chain().showApprovers() && !Reports.isReport(denial.comment()) ? denial.comment() : null);
    }

    private static EndText text(String heading, String outcome, Messages messages) {
        return new EndText(messages.get(heading), messages.get(outcome), null);
    }

    private static boolean wasApproved(ApprovalRequest request) {
        return request.progress().stream().noneMatch(stage -> stage.state() == StageState.TIMED_OUT)
                && request.progress().stream().anyMatch(stage -> stage.state() == StageState.DONE)
                && request.progress().stream().noneMatch(stage -> stage.state() == StageState.CURRENT);
    }
}
