package dev.jitapproval.keycloak.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Has Keycloak ask the checkpoint before tokens leave: {@code token-interceptor}. */
public final class TokenCheckpointFactory implements TokenPostProcessorFactory {

    /** The provider's id. */
    public static final String ID = "jit-approval";

    /** After Keycloak's own, which may still refuse: no approval is spent on a token that is not given. */
    private static final int LAST = -1000;

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new TokenCheckpoint(session);
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public int order() {
        return LAST;
    }
}
