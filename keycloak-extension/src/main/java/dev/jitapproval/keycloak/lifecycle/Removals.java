package dev.jitapproval.keycloak.lifecycle;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.ApprovalServices;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.risk.RiskMemories;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ProviderEventListener;
import org.keycloak.timer.TimerProvider;

/**
 * Ends what can lead nowhere any more. The rows of a realm go in the transaction that removes it. Requests of a user or a client are
 * ended once the removal is committed: they change in transactions of their own, and a removal that is rolled back must
 * have ended nothing. What a crash in between leaves over, {@link Orphans} finds.
 */
public final class Removals implements ProviderEventListener {

    /** The code of a request whose requester is gone. */
    static final String USER_REMOVED = "user_removed";

    /** The code of a request whose application is gone. */
    static final String CLIENT_REMOVED = "client_removed";

    /** Grants that one removal takes back; who has more has none of use, for user or client are gone. */
    private static final int MOST_GRANTS = 1_000;

    private static final Logger LOG = Logger.getLogger(Removals.class);

    @Override
    public void onEvent(ProviderEvent event) {
        if (event instanceof PostMigrationEvent migrated) {
            KeycloakModelUtils.runJobInTransaction(
                    migrated.getFactory(),
                    session -> session.getProvider(TimerProvider.class).scheduleTask(new Orphans(), Orphans.EVERY_MILLIS));
        } else if (event instanceof RealmModel.RealmRemovedEvent removed) {
            realmRemoved(removed.getKeycloakSession(), removed.getRealm().getId());
        } else if (event instanceof UserModel.UserRemovedEvent removed) {
            String realmId = removed.getRealm().getId();
            String userId = removed.getUser().getId();
            RiskMemories.forget(removed.getKeycloakSession(), realmId, userId);
            end(removed.getKeycloakSession(), realmId, USER_REMOVED, approvals -> approvals.findLiveOfUser(realmId, userId),
                    GrantQuery.liveOf(userId, KeycloakClock.now()));
        } else if (event instanceof ClientModel.ClientRemovedEvent removed) {
            String realmId = removed.getClient().getRealm().getId();
            String clientId = removed.getClient().getId();
            end(removed.getKeycloakSession(), realmId, CLIENT_REMOVED, approvals -> approvals.findLiveOfClient(realmId, clientId),
                    GrantQuery.liveFor(clientId, KeycloakClock.now()));
        }
    }

    private static void realmRemoved(KeycloakSession session, String realmId) {
        ApprovalServices.removeRealm(session, realmId);
        afterCommit(session, factory -> PerRealm.forget(realmId));
    }

    private static void end(
            KeycloakSession session,
            String realmId,
            String code,
            Function<ApprovalService, List<ApprovalRequest>> live,
            GrantQuery grants) {
        afterCommit(session, factory -> KeycloakModelUtils.runJobInTransaction(factory, own -> {
            ApprovalService approvals = JitApprovalProvider.of(own).approvals();
            Ending.all(approvals, code, () -> live.apply(approvals));
            Ending.grants(approvals, code, Grants.of(own).list(realmId, grants, MOST_GRANTS));
        }));
    }

    private static void afterCommit(KeycloakSession session, Consumer<KeycloakSessionFactory> work) {
        KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                try {
                    work.accept(factory);
                } catch (RuntimeException e) {
                    LOG.warnf(e, "Requests of something that was removed could not be ended yet; it is tried again");
                }
            }

            @Override
            protected void rollbackImpl() {
                // Nothing was removed.
            }
        });
    }
}
