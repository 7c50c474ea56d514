package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.gate.Holder;
import dev.jitapproval.keycloak.gate.Reach;
import dev.jitapproval.keycloak.gate.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.AuthenticationFlowBindings;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.AuthenticationFlowResolver;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;

/** A token request whose client and user are authenticated, as a step of the gate. */
final class TokenRequest {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Grant grant;
    private final TokenPostProcessorContext issued;
    private final AuthenticatedClientSessionModel clientSession;
    private final UserSessionModel userSession;

    TokenRequest(KeycloakSession session, Grant grant, TokenPostProcessorContext issued) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.grant = grant;
        this.issued = issued;
        this.clientSession = issued.clientSessionCtx().getClientSession();
        this.userSession = clientSession.getUserSession();
    }

    Grant grant() {
        return grant;
    }

    Asker asker() {
        return new Asker(realm, grant, client(), user(), standing());
    }

    /** Whose token it would be. */
    private UserModel user() {
        return userSession.getUser();
    }

    /** Who asks for it. */
    private ClientModel client() {
        return clientSession.getClient();
    }

    /** The session that there was before the request, or null. */
    private UserSessionModel standing() {
        return grant == Grant.REFRESH || grant == Grant.EXCHANGE ? userSession : null;
    }

    /** Whether somebody gets in by it, rather than goes on. */
    boolean beginsSession() {
        return standing() == null;
    }

    Step step() {
        return Step.of(realm, user(), client(), context(), holder())
                .reach(Reach.PROTOCOL)
                .impersonator(impersonator())
                .session(standing() == null ? null : standing().getId())
                .build();
    }

    private DecisionContext context() {
        ContextBuilder facts = ContextBuilder.at(session, realm, grant.action(), KeycloakClock.now())
                .user(user())
                .client(client())
                .scopes(scopes());
        if (grant == Grant.PASSWORD) {
            facts.flow(directGrantFlow().getAlias());
        }
        if (grant == Grant.PASSWORD || standing() != null) {
            facts.session(SessionFacts.of(session, clientSession));
        }
        List<String> audience = AskedFor.audience(session);
        if (grant == Grant.EXCHANGE && !audience.isEmpty()) {
            facts.target(new DecisionContext.Target("client", String.join(" ", new TreeSet<>(audience)), null));
        }
        return facts.build();
    }

    /** All that the token is good for, and not only what the request has named: a refresh need not name any to get what it had. */
    private Set<String> scopes() {
        return new TreeSet<>(List.of(issued.clientSessionCtx().getScopeString(true).trim().split("\\s+")));
    }

    /**
     * Whoever proves the same client, user and session from the same address, and asks for the same: a program that asks for this and that in
     * turns has a request for each. A token or an assertion is no part of it: by the time an approval is there, the next one has come.
     */
    private Holder holder() {
        List<String> proven = new ArrayList<>(List.of(
                grant.action(),
                client().getId(),
                user().getId(),
                standing() == null ? "" : standing().getId(),
                session.getContext().getConnection().getRemoteAddr()));
        proven.addAll(scopes());
        proven.addAll(AskedFor.parts(session));
        return Holder.backChannel(proven.toArray(String[]::new));
    }

    private AuthenticationFlowModel directGrantFlow() {
        AuthenticationFlowModel own = AuthenticationFlowResolver.resolveBindingOverrideFlowForClient(
                client(), AuthenticationFlowBindings.DIRECT_GRANT_BINDING);
        return own == null ? realm.getDirectGrantFlow() : own;
    }

    private Step.Impersonator impersonator() {
        return Step.Impersonator.of(userSession);
    }
}
