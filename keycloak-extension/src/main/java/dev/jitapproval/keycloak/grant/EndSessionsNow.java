package dev.jitapproval.keycloak.grant;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.approval.spi.ApprovalListenerFactory;
import dev.jitapproval.keycloak.engine.RequestStatus;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * Ends sessions, and has Keycloak tell their clients, before whoever takes an approval back is answered. {@link EndSessions} does the same once more, for a server that failed in
 * between.
 */
public final class EndSessionsNow implements ApprovalListenerFactory, PlainFactory<ApprovalListener> {

    @Override
    public String getId() {
        return "end-sessions";
    }

    @Override
    public ApprovalListener create(KeycloakSession session) {
        return change -> {
            if (change.before() == RequestStatus.USED && change.request().status() == RequestStatus.REVOKED) {
                new Resting(session).end(change.request(), known -> AuthenticationManager.backchannelLogout(session, known, true));
            }
        };
    }
}
