package dev.jitapproval.keycloak.outbox.spi;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Ways to deliver what waits in the outbox: {@code jit-outbox-handler}. */
public final class OutboxHandlerSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-outbox-handler";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return OutboxHandler.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return OutboxHandlerFactory.class;
    }
}
