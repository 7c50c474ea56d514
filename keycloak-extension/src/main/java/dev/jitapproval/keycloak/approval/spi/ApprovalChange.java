package dev.jitapproval.keycloak.approval.spi;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.Rejection;
import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.util.List;

/**
 * What happened to a request.
 *
 * @param request the request afterwards
 * @param before where it stood before, or null if it was opened just now
 * @param actor who gave the command
 * @param command the command's name in the wire format: {@code open}, {@code approve}, {@code tick}, …
 * @param events the events that were stored; empty where the command was rejected and nothing was due
 * @param effects what the engine asks to be done
 * @param rejection why the command changed nothing, or null
 */
public record ApprovalChange(
        ApprovalRequest request,
        RequestStatus before,
        Actor actor,
        String command,
        List<ApprovalEvent> events,
        List<SideEffect> effects,
        Rejection rejection) {

    public ApprovalChange {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }
}
