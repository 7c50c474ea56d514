package dev.jitapproval.keycloak.registration;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import org.keycloak.models.KeycloakSession;

/** Handles {@value Admission#KIND}. */
public final class AdmissionFactory implements OutboxHandlerFactory, PlainFactory<OutboxHandler> {

    @Override
    public String getId() {
        return Admission.KIND;
    }

    @Override
    public OutboxHandler create(KeycloakSession session) {
        return new Admission(session);
    }
}
