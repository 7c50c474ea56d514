package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import org.keycloak.models.KeycloakSession;

/** Handles {@code mail}. */
public final class MailHandlerFactory implements OutboxHandlerFactory, PlainFactory<OutboxHandler> {

    static final String KIND = "mail";

    @Override
    public String getId() {
        return KIND;
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new MailHandler(session);
    }
}
