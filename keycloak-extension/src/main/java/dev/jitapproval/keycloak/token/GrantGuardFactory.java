package dev.jitapproval.keycloak.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Has Keycloak ask {@link GrantGuard} before tokens leave: {@code token-interceptor}. */
public final class GrantGuardFactory implements TokenPostProcessorFactory {

    /** Before the checkpoint, which would open requests for a session that may not go on. */
    private static final int EARLY = -500;

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new GrantGuard(session);
    }

    @Override
    public String getId() {
        return "jit-approval-grants";
    }

    @Override
    public int order() {
        return EARLY;
    }
}
