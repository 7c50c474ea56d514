package dev.jitapproval.keycloak.approval.spi;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Who is told of changes to requests: {@code jit-approval-listener}. */
public final class ApprovalListenerSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-approval-listener";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return ApprovalListener.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return ApprovalListenerFactory.class;
    }
}
