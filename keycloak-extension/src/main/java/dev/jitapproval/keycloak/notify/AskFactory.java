package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import org.keycloak.models.KeycloakSession;

/** Handles {@code notify_stage}. */
public final class AskFactory implements OutboxHandlerFactory, PlainFactory<OutboxHandler> {

    @Override
    public String getId() {
        return SideEffect.NOTIFY_STAGE;
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new FanOut.Ask(session);
    }
}
