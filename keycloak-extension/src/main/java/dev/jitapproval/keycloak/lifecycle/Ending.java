package dev.jitapproval.keycloak.lifecycle;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.Grant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Ends requests in the system's name. */
final class Ending {

    private static final Logger LOG = Logger.getLogger(Ending.class);

    private Ending() {}

    /**
     * Ends requests until there are none left but those that could not be ended.
     *
     * @param code why, a stable word
     * @param live the requests that are still to be ended, or some of them
     */
    static void all(ApprovalService approvals, String code, Supplier<List<ApprovalRequest>> live) {
        Set<String> tried = new HashSet<>();
        List<ApprovalRequest> next = live.get();
        while (next.stream().map(ApprovalRequest::id).anyMatch(id -> !tried.contains(id))) {
            next.stream().filter(request -> tried.add(request.id())).forEach(request -> one(approvals, code, request));
            next = live.get();
        }
    }

    /** Takes grants back whose user or application is gone. */
    static void grants(ApprovalService approvals, String code, List<Grant> live) {
        for (Grant grant : live) {
            String realmId = grant.request().key().realmId();
            try {
                approvals.execute(realmId, grant.id(), Command.revokeBySystem(code), Actor.SYSTEM);
            } catch (RuntimeException e) {
                LOG.warnf(e, "The grant of request %s could not be taken back (%s); it ends by itself", grant.id(), code);
            }
        }
    }

    /** Ends one request; that it cannot be ended now is logged, for the next round will try again. */
    static void one(ApprovalService approvals, String code, ApprovalRequest request) {
        try {
            approvals.execute(request.key().realmId(), request.id(), Command.cancelBySystem(code), Actor.SYSTEM);
        } catch (RuntimeException e) {
            LOG.warnf(e, "Request %s could not be ended (%s); it is tried again", request.id(), code);
        }
    }
}
