package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.page.PageState;

/**
 * How a refusal is told: to the person as message keys, to the client as the description of {@code access_denied}, to operators as the
 * value of {@code jit_event}.
 */
public record RefusalText(PageState state, String heading, String outcome, String next, String toClient, String event) {

    /** The words for a refusal. */
    public static RefusalText of(Refusal why) {
        return switch (why) {
            case POLICY -> denied("jitPolicyDeniedText", "denied by policy", "denied_by_policy");
            case STEP_UP -> denied("jitStepUpText", "a stronger authentication is required", "step_up_required");
            case ACCOUNT -> denied("jitAccountText", "the account is disabled or locked", "account_locked");
            case APPROVER_CLIENT -> denied("jitApproverClientText", "this client only opens reviews", "approver_client_refused");
            case TOO_MANY_REQUESTS -> denied("jitTooManyText", "too many open approval requests", "too_many_requests");
            case NO_POLICY -> unavailable("no_policy");
            case UNAVAILABLE -> unavailable("unavailable");
        };
    }

    private static RefusalText denied(String outcome, String toClient, String event) {
        return new RefusalText(PageState.DENIED, "jitPolicyDeniedHeading", outcome, "jitAskAdmin", toClient, event);
    }

    private static RefusalText unavailable(String event) {
        return new RefusalText(
                PageState.ERROR, "jitErrorHeading", "jitErrorText", "jitErrorNext", "the access check gave no answer", event);
    }
}
