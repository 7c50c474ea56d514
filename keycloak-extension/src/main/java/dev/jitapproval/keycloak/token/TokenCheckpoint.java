package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.grant.Resting;
import dev.jitapproval.keycloak.grant.RestsOn;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;

/**
 * The checkpoint at the token endpoint. Keycloak asks it when everything else is checked and the tokens are made, but not sent: user, client,
 * session and scopes are as the token will have them. Whoever does not pass leaves nothing behind, as
 * {@link TokenAnswer} takes back the request's transaction: no session was begun and no refresh token used.
 */
final class TokenCheckpoint implements TokenPostProcessor {

    private static final Logger LOG = Logger.getLogger(TokenCheckpoint.class);

    /** The id of the access token that passed: Keycloak may build one answer more than once, and an approval is spent once. */
    private static final String PASSED = TokenCheckpoint.class.getName();

    private final KeycloakSession session;

    TokenCheckpoint(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void process(TokenPostProcessorContext issued) {
        Optional<Grant> grant = grant(issued);
        if (grant.isEmpty() || !Guarded.asks(session, session.getContext().getRealm(), grant.get().action())) {
            return;
        }
        String token = issued.accessToken() == null ? "" : issued.accessToken().getId();
        if (token.equals(session.getAttribute(PASSED))) {
            return;
        }
        TokenRequest request = new TokenRequest(session, grant.get(), issued);
        Verdict verdict = judge(request);
        if (!(verdict instanceof Verdict.Pass)) {
            giveRefreshTokenBack(issued);
        }
        new TokenAnswer(session, request.asker()).give(verdict);
        if (verdict instanceof Verdict.Pass pass) {
            note(request, issued, pass.requestId());
        }
        session.setAttribute(PASSED, token);
    }

    /**
     * Undoes the use of a refresh token that may be used once. Taking the transaction back is not enough: Keycloak changes the session in its
     * cache at once, and what is there then stays ("rollback may not work correctly", as PersistentSessionsChangelogBasedTransaction says itself).
     */
    private void giveRefreshTokenBack(TokenPostProcessorContext issued) {
        if (issued.requestRefreshToken() == null || !session.getContext().getRealm().isRevokeRefreshToken()) {
            return;
        }
        AuthenticatedClientSessionModel clientSession = issued.clientSessionCtx().getClientSession();
        String key = new TokenManager().getReuseIdKey(issued.requestRefreshToken());
        int uses = clientSession.getRefreshTokenUseCount(key);
        if (uses > 0) {
            clientSession.setRefreshTokenUseCount(key, uses - 1);
        }
    }

    /** By a refresh or an exchange somebody goes on in a session; the refresh asks again each time, but what an exchange has given does not. */
    private void note(TokenRequest request, TokenPostProcessorContext issued, String approval) {
        AuthenticatedClientSessionModel clientSession = issued.clientSessionCtx().getClientSession();
        String action = request.grant().action();
        Resting resting = new Resting(session);
        Optional<RestsOn> rests = request.beginsSession()
                ? resting.note(clientSession, action, approval)
                : resting.noteToken(clientSession, action, approval);
        rests.ifPresent(known -> {
            GrantGuard.bound(issued.accessToken(), known);
            ApprovalMapper.tell(session, issued.accessToken(), issued.clientSessionCtx(), known);
            if (request.grant() == Grant.EXCHANGE) {
                RefreshGround.put(issued.refreshToken(), known);
            }
        });
    }

    private Verdict judge(TokenRequest request) {
        try {
            return new Gate(session).judge(request.step());
        } catch (RuntimeException e) {
            LOG.errorf(e, "The facts about a %s of realm %s could not be gathered",
                    request.grant().action(), session.getContext().getRealm().getName());
            return new Verdict.Refuse(Refusal.UNAVAILABLE, null);
        }
    }

    /** As Keycloak itself has understood the request; a legacy token exchange does not say, so that the request has to. */
    private Optional<Grant> grant(TokenPostProcessorContext issued) {
        if (issued.requestRefreshToken() != null) {
            return Optional.of(Grant.REFRESH);
        }
        String type = Origin.grantType(session, issued);
        // For a client that asks for permissions with nothing but its secret, Keycloak first makes a token through that grant. The ticket that is
        // made of it, or of any other token of the client's, lets nobody in anew and ends with it.
        boolean forSecret = OAuth2Constants.UMA_GRANT_TYPE.equals(type) && Origin.of(session, issued).isEmpty();
        return forSecret && userOf(issued).getServiceAccountClientLink() != null
                ? Optional.of(Grant.CLIENT_CREDENTIALS)
                : Grant.judgedAtTheEnd(type);
    }

    private static UserModel userOf(TokenPostProcessorContext issued) {
        return issued.clientSessionCtx().getClientSession().getUserSession().getUser();
    }
}
