package dev.jitapproval.keycloak.decisionlog;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Where decisions are kept: {@code jit-decision-log}. */
public final class DecisionLogSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-decision-log";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return DecisionLog.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return DecisionLogFactory.class;
    }
}
