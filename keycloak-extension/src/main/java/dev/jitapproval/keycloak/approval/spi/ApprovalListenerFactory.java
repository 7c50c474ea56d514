package dev.jitapproval.keycloak.approval.spi;

import org.keycloak.provider.ProviderFactory;

/** Makes the {@link ApprovalListener} of a session. */
public interface ApprovalListenerFactory extends ProviderFactory<ApprovalListener> {}
