package dev.jitapproval.keycloak.risk;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Names the SPI {@code jit-risk-signal}: every provider of it is asked. */
public final class RiskSignalSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-risk-signal";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return RiskSignal.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return RiskSignalFactory.class;
    }
}
