package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.StoredRequest;
import dev.jitapproval.keycloak.cluster.OneNodeTask;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;

/**
 * Fires deadlines that nobody is there to see: escalations and time-outs go out although no page asks.
 *
 * <p>One node of a cluster at a time does it. Were two to do it, the sequence numbers would keep each deadline from firing twice. Each
 * request is a transaction of its own, so one that cannot be handled holds up no other; the transaction that the timer
 * opened only reads.
 */
public final class DueRequests extends OneNodeTask {

    private static final Logger LOG = Logger.getLogger(DueRequests.class);
    private static final String TASK = "jit-approval-due-requests";
    private static final int LOCK_SECONDS = 60;
    private static final int BATCH = 50;
    private static final int MOST_BATCHES = 20;

    private final ApprovalServices services;
    private final Clock clock;

    DueRequests(ApprovalServices services, Clock clock) {
        super(TASK, LOCK_SECONDS);
        this.services = services;
        this.clock = clock;
    }

    @Override
    protected void work(KeycloakSession session) {
        ApprovalService approvals = services.of(session);
        int failed = 0;
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            List<StoredRequest> due = KeycloakTransactions.store(session).findDue(clock.instant(), failed, BATCH);
            for (StoredRequest stored : due) {
                if (!tick(approvals, stored.request())) {
                    failed++;
                }
            }
            if (due.size() < BATCH) {
                return;
            }
        }
    }

    private static boolean tick(ApprovalService approvals, ApprovalRequest request) {
        try {
            approvals.execute(request.key().realmId(), request.id(), Command.tick(), Actor.SYSTEM);
            return true;
        } catch (RuntimeException e) {
            LOG.errorf(e, "Request %s: its deadline %s has come and could not be handled; it is tried again in a few seconds",
                    request.id(), request.deadline());
            return false;
        }
    }
}
