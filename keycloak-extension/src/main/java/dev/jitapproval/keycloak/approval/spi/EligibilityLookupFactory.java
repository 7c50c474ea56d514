package dev.jitapproval.keycloak.approval.spi;

import org.keycloak.provider.ProviderFactory;

/** Makes the {@link EligibilityLookup} of a session. */
public interface EligibilityLookupFactory extends ProviderFactory<EligibilityLookup> {}
