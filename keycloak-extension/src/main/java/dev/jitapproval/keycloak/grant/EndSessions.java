package dev.jitapproval.keycloak.grant;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** Ends sessions as a delivery of the outbox: whatever becomes of this server, none of them outlives what it rests on. */
public final class EndSessions implements OutboxHandlerFactory, PlainFactory<OutboxHandler> {

    /** The kind of the message; its payload is empty. */
    public static final String KIND = "end_sessions";

    @Override
    public String getId() {
        return KIND;
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new Handler(session);
    }

    private static final class Handler implements OutboxHandler {

        private final KeycloakSession session;

        Handler(KeycloakSession session) {
            this.session = session;
        }

        @Override
        public Delivery begin(OutboxMessage message) {
            Optional<ApprovalRequest> request =
                    JitApprovalProvider.of(session).approvals().find(message.realmId(), message.requestId());
            if (request.filter(known -> known.status() == RequestStatus.REVOKED).isEmpty()) {
                return Delivery.skipped("the request is gone");
            }
            new Resting(session).end(request.get());
            return Delivery.done();
        }
    }
}
