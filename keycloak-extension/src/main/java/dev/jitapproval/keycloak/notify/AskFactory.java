package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import org.keycloak.models.KeycloakSession;

/** Handles {@code notify_stage}. */
public final class AskFactory extends HandlerFactory {

    @Override
    public String getId() {
        return SideEffect.NOTIFY_STAGE;
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new FanOut.Ask(session);
    }
}
