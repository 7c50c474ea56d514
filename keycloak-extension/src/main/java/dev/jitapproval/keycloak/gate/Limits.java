package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How much one user may ask of approvers. What clients ask in a user's name without them is counted apart: a client that
 * asks without end must not keep the user from signing in.
 */
final class Limits {

    /** More than a person needs, and few enough that a stolen password cannot be used to flood approvers. */
    static final int MAX_OPEN_REQUESTS = 10;

    /** Each request is a mail to every approver, and a row for good; who cancels could ask for ever otherwise. */
    static final int MAX_REQUESTS_AN_HOUR = 30;

    /** The doors at which a client asks with what it has been given once, or with nothing but the user's name. */
    private static final Set<String> WITHOUT_THE_USER = Set.of("ciba", "token-refresh", "token-exchange", "jwt-grant");

    private final ApprovalService approvals;

    Limits(ApprovalService approvals) {
        this.approvals = approvals;
    }

    /** @param live the user's live requests, through whatever door */
    boolean areReached(Step step, List<ApprovalRequest> live) {
        boolean apart = WITHOUT_THE_USER.contains(step.context().action());
        long open = live.stream()
                .filter(request -> request.status() == RequestStatus.PENDING)
                .filter(request -> WITHOUT_THE_USER.contains(request.key().action()) == apart)
                .count();
        return open >= MAX_OPEN_REQUESTS || openedLately(step, apart) >= MAX_REQUESTS_AN_HOUR;
    }

    private long openedLately(Step step, boolean apart) {
        String realm = step.realm().getId();
        Instant anHourAgo = KeycloakClock.now().minus(Duration.ofHours(1));
        long byClients = approvals.countOpened(realm, step.userId(), WITHOUT_THE_USER, anHourAgo);
        return apart ? byClients : approvals.countOpened(realm, step.userId(), null, anHourAgo) - byClients;
    }
}
