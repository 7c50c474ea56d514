package dev.jitapproval.keycloak.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelAuthenticationRequestContext;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelTokenRequestContext;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelTokenResponseContext;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;

/** Where Keycloak asks a realm's client policies, CIBA's requests pass the checkpoint as well: after those, which may refuse on their own. */
final class GuardedClientPolicies extends DefaultClientPolicyManager {

    private final KeycloakSession session;

    GuardedClientPolicies(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public void triggerOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        super.triggerOnEvent(context);
        if (context instanceof BackchannelAuthenticationRequestContext begun) {
            new CibaDoor(session, begun.getParsedRequest()).begin();
        } else if (context instanceof BackchannelTokenRequestContext asked) {
            new CibaDoor(session, asked.getParsedRequest()).poll();
        } else if (context instanceof BackchannelTokenResponseContext given) {
            new CibaDoor(session, given.getParsedRequest())
                    .rest(given.getClientSessionContext(), given.getAccessTokenResponseBuilder());
        }
    }
}
