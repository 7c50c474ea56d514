package dev.jitapproval.keycloak.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.ciba.channel.AuthenticationChannelProvider;
import org.keycloak.protocol.oidc.grants.ciba.channel.CIBAAuthenticationRequest;
import org.keycloak.protocol.oidc.grants.ciba.channel.HttpAuthenticationChannelProviderFactory;

/** Keycloak's own authentication channel, under its own id and with its own options, which a held request does not reach. */
public final class GuardedChannelFactory extends HttpAuthenticationChannelProviderFactory {

    @Override
    public AuthenticationChannelProvider create(KeycloakSession session) {
        AuthenticationChannelProvider channel = super.create(session);
        return new AuthenticationChannelProvider() {

            @Override
            public boolean requestAuthentication(CIBAAuthenticationRequest request, String who) {
                return new HeldCiba(session, request).isHeldNow() || channel.requestAuthentication(request, who);
            }

            @Override
            public void close() {
                channel.close();
            }
        };
    }

    @Override
    public int order() {
        return 1;
    }
}
