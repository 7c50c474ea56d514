package dev.jitapproval.keycloak;

import org.keycloak.provider.ProviderFactory;

/** Holds what a server has one of, and makes the {@link JitApprovalProvider} of a session. */
public interface JitApprovalProviderFactory extends ProviderFactory<JitApprovalProvider> {}
