package dev.jitapproval.keycloak.decisionlog;

import org.keycloak.provider.ProviderFactory;

/** Makes the {@link DecisionLog} of a session. */
public interface DecisionLogFactory extends ProviderFactory<DecisionLog> {}
