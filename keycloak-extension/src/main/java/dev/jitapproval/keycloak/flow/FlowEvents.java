package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.observe.Observations;
import java.util.Locale;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;

/**
 * What the checkpoint says in Keycloak's own login events: a refusal is a {@code LOGIN_ERROR} with {@code access_denied}; a step that
 * goes on marks the {@code LOGIN} that follows. What happens to a request is told where requests change.
 */
final class FlowEvents {

    /** The detail with what a person can read off a refusal's page. */
    private static final String REFERENCE_DETAIL = "jit_reference";

    /** The detail with what a rule under observation would have done. */
    private static final String EFFECT_DETAIL = "jit_effect";

    private final Door door;
    private final TabMemory memory;

    FlowEvents(Door door, TabMemory memory) {
        this.door = door;
        this.memory = memory;
    }

    /** An allowed step is no news; every other way past the checkpoint is. */
    void passed(Verdict.Pass pass) {
        observed(pass.decision());
        boolean nothingAsked = pass.how() == How.ALLOWED
                || pass.how() == How.APPROVER_CLIENT && pass.decision().effect() == Effect.ALLOW;
        if (!nothingAsked) {
            mark(door.event(), pass.how().name().toLowerCase(Locale.ROOT), pass.decision(), pass.requestId());
        }
    }

    void refused(Refusal why, Decision decision) {
        String what = RefusalText.of(why).event();
        if (memory.report(what)) {
            observed(decision);
            mark(event(), what, decision, null)
                    .detail(REFERENCE_DETAIL, memory.reference())
                    .error(Errors.ACCESS_DENIED);
        }
    }

    void ended(ApprovalRequest request) {
        String what = request.status().wireName();
        if (memory.report(request.id() + " " + what)) {
            Observations.mark(event(), what, request.policyName(), request.ruleId(), request.id()).error(Errors.ACCESS_DENIED);
        }
    }

    void declined() {
        mark(event(), "declined", null, null).error(Errors.REJECTED_BY_USER);
    }

    /** @return the flow's event, which whoever ends the flow sends */
    EventBuilder interactionNeeded(Decision decision) {
        return mark(door.event().user(door.user()), "interaction_required", decision, null);
    }

    /** Told once a step is over, and apart from how it ended: that did not depend on it. */
    private void observed(Decision decision) {
        if (decision == null) {
            return;
        }
        decision.wouldHave().ifPresent(match -> Observations.mark(
                        event().event(EventType.CUSTOM_REQUIRED_ACTION), "observed", decision.policy().name(), match.rule(), null)
                .detail(EFFECT_DETAIL, match.effect().name().toLowerCase(Locale.ROOT))
                .success());
    }

    /** The same, at a door where Keycloak answers by itself and tells nobody. */
    void passive(Decision decision) {
        mark(event(), "interaction_required", decision, null).error(Errors.GENERIC_AUTHENTICATION_ERROR);
    }

    private EventBuilder event() {
        return door.refusal().user(door.user());
    }

    private static EventBuilder mark(EventBuilder event, String what, Decision decision, String requestId) {
        return decision == null
                ? Observations.mark(event, what, null, null, requestId)
                : Observations.mark(event, what, decision.policy().name(), decision.rule(), requestId);
    }
}
