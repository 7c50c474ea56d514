package dev.jitapproval.keycloak.outbox;

import org.keycloak.provider.ProviderFactory;

/** Makes the {@link Outbox} of a session. */
public interface OutboxFactory extends ProviderFactory<Outbox> {}
