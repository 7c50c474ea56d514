package dev.jitapproval.keycloak.lifecycle;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.ApprovalServices;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.cluster.OneNodeTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserProvider;
import org.keycloak.storage.StorageId;
import org.keycloak.storage.UserStoragePrivateUtil;

/**
 * Finds what nobody told {@link Removals} of: a crash after the removal, users who went with their federation provider, a request that
 * was opened while its realm was being removed. Every node forgets the realms that are gone; one node at a time looks through the requests.
 */
final class Orphans extends OneNodeTask {

    private static final String TASK = "jit-approval-orphans";
    private static final int LOCK_SECONDS = 120;
    private static final int BATCH = 200;

    /** A registration's request is there before its account is: the account is committed together with the page that waits. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    /** How often it runs, in milliseconds. */
    static final long EVERY_MILLIS = 30_000;

    Orphans() {
        super(TASK, LOCK_SECONDS);
    }

    @Override
    public void run(KeycloakSession session) {
        PerRealm.keepOnly(id -> session.realms().getRealm(id) != null);
        super.run(session);
    }

    @Override
    protected void work(KeycloakSession session) {
        ApprovalService approvals = JitApprovalProvider.of(session).approvals();
        String after = "";
        List<ApprovalRequest> batch;
        do {
            batch = approvals.findLiveAfter(after, BATCH);
            for (ApprovalRequest request : batch) {
                after = request.id();
                check(session, approvals, request);
            }
        } while (batch.size() == BATCH);
    }

    private static void check(KeycloakSession session, ApprovalService approvals, ApprovalRequest request) {
        RealmModel realm = session.realms().getRealm(request.key().realmId());
        if (realm == null) {
            ApprovalServices.removeRealm(session, request.key().realmId());
            return;
        }
        session.getContext().setRealm(realm);
        why(session, realm, request).ifPresent(code -> Ending.one(approvals, code, request));
    }

    private static Optional<String> why(KeycloakSession session, RealmModel realm, ApprovalRequest request) {
        boolean settled = request.openedAt().isBefore(KeycloakClock.now().minus(SETTLED));
        if (settled && Requester.hasAccount(request.key().userId()) && isGone(session, realm, request.key().userId())) {
            return Optional.of(Removals.USER_REMOVED);
        }
        return realm.getClientById(request.key().clientId()) == null ? Optional.of(Removals.CLIENT_REMOVED) : Optional.empty();
    }

    /** Asks Keycloak's own storage only: a directory that does not answer right now has not lost its users. */
    private static boolean isGone(KeycloakSession session, RealmModel realm, String userId) {
        StorageId id = new StorageId(userId);
        if (!id.isLocal()) {
            return realm.getComponent(id.getProviderId()) == null;
        }
        UserProvider local = UserStoragePrivateUtil.userLocalStorage(session);
        return local.getUserById(realm, userId) == null;
    }
}
