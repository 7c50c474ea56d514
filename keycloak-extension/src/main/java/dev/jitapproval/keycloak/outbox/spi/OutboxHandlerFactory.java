package dev.jitapproval.keycloak.outbox.spi;

import org.keycloak.provider.ProviderFactory;

/** Makes an {@link OutboxHandler}; its id is the kind of message that the handler delivers. */
public interface OutboxHandlerFactory extends ProviderFactory<OutboxHandler> {}
