package dev.jitapproval.keycloak;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** The extension itself: {@code jit-approval}. */
public final class JitApprovalSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-approval";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return JitApprovalProvider.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return JitApprovalProviderFactory.class;
    }
}
