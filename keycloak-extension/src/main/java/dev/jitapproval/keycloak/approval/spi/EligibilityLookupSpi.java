package dev.jitapproval.keycloak.approval.spi;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Where who may vote is looked up: {@code jit-eligibility}. */
public final class EligibilityLookupSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "jit-eligibility";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return EligibilityLookup.class;
    }

    @Override
    public Class<? extends ProviderFactory<?>> getProviderFactoryClass() {
        return EligibilityLookupFactory.class;
    }
}
