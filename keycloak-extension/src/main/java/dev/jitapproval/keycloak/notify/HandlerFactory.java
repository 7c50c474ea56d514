package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.outbox.spi.OutboxHandlerFactory;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;

/** What the factories of this package have in common: nothing to set up, and nothing to close. */
abstract class HandlerFactory implements OutboxHandlerFactory {

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
