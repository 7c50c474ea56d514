package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.grant.Resting;
import dev.jitapproval.keycloak.grant.RestsOn;
import dev.jitapproval.keycloak.observe.Observations;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;
import org.keycloak.util.TokenUtil;

/**
 * No token outlives the grant that its session rests on: none is given once the grant is over, whichever grant type asks, and none expires
 * later than the grant ends.
 */
final class GrantGuard implements TokenPostProcessor {

    /** The events of refusals. */
    static final String EXPIRED = "grant_expired";

    static final String REVOKED = "grant_revoked";

    private final KeycloakSession session;
    private final RealmModel realm;

    GrantGuard(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    @Override
    public void process(TokenPostProcessorContext issued) {
        AuthenticatedClientSessionModel clientSession = issued.clientSessionCtx().getClientSession();
        if (clientSession == null) {
            return;
        }
        RefreshGround.carry(issued);
        Optional<Origin> origin = Origin.of(session, issued);
        List<RestsOn> all = groundsOf(issued, clientSession);
        origin.ifPresent(known -> all.addAll(known.grounds(clientSession.getUserSession())));
        Resting resting = new Resting(session);
        for (RestsOn rests : all) {
            if (!resting.isGood(rests)) {
                throw refusal(issued, clientSession, rests);
            }
        }
        if (isOffline(issued)) {
            resting.followOffline(clientSession);
        }
        all.stream().map(RestsOn::until).filter(until -> until != null).min(Long::compare).ifPresent(
                until -> endWith(issued.accessToken(), until));
        if (origin.isPresent() && Guarded.is(session, realm)) {
            origin.get().bound(issued);
            origin.get().tell(issued);
        }
    }

    /**
     * What the client's own session rests on, and the refresh token that it shows, and the sessions of the clients whose tokens were exchanged
     * for its tokens.
     */
    private List<RestsOn> groundsOf(TokenPostProcessorContext issued, AuthenticatedClientSessionModel clientSession) {
        UserSessionModel userSession = clientSession.getUserSession();
        String self = clientSession.getClient().getClientId();
        List<RestsOn> all = new ArrayList<>(RestsOn.of(clientSession));
        RefreshGround.of(issued.requestRefreshToken()).ifPresent(all::add);
        clientSession.getNotes().keySet().stream()
                .filter(note -> note.startsWith(Constants.TOKEN_EXCHANGE_SUBJECT_CLIENT))
                .map(note -> note.substring(Constants.TOKEN_EXCHANGE_SUBJECT_CLIENT.length()))
                .filter(clientId -> !clientId.equals(self))
                .flatMap(clientId -> Stream.ofNullable(session.clients().getClientByClientId(realm, clientId)))
                .forEach(client -> all.addAll(RestsOn.of(userSession, client.getId()).values()));
        return all;
    }

    private static boolean isOffline(TokenPostProcessorContext issued) {
        return issued.requestRefreshToken() == null
                && issued.refreshToken() != null
                && TokenUtil.TOKEN_TYPE_OFFLINE.equals(issued.refreshToken().getType());
    }

    /** No token that is about to leave is good for longer than what it has come to rest on just now. */
    static void bound(AccessToken token, RestsOn rests) {
        if (rests.until() != null) {
            endWith(token, rests.until());
        }
    }

    /** @param token null where there is none. @param until seconds since 1970 */
    static void endWith(AccessToken token, long until) {
        if (token != null && (token.getExp() == null || token.getExp() == 0 || token.getExp() > until)) {
            token.exp(until);
        }
    }

    private CorsErrorResponseException refusal(
            TokenPostProcessorContext issued, AuthenticatedClientSessionModel clientSession, RestsOn rests) {
        boolean expired = rests.isOver(KeycloakClock.now());
        Optional<Origin> ticket = Origin.of(session, issued).filter(Origin::isOfTicket);
        ClientModel client = ticket.map(Origin::client).orElseGet(clientSession::getClient);
        EventBuilder event = new EventBuilder(realm, session, session.getContext().getConnection())
                .event(ticket.isPresent() ? EventType.PERMISSION_TOKEN : event(issued))
                .client(client)
                .user(clientSession.getUserSession().getUser())
                .session(clientSession.getUserSession());
        Observations.mark(event, expired ? EXPIRED : REVOKED, null, rests.rule(), rests.request()).error(Errors.INVALID_TOKEN);
        String why = expired
                ? "the approval that this session rests on has expired; sign in again"
                : "the approval that this session rests on was revoked";
        Cors cors = Cors.builder().auth().allowedMethods("POST").checkAllowedOrigins(session, client);
        return new CorsErrorResponseException(cors, OAuthErrorException.INVALID_GRANT, why, Response.Status.BAD_REQUEST);
    }

    private static EventType event(TokenPostProcessorContext issued) {
        if (issued.requestRefreshToken() != null) {
            return EventType.REFRESH_TOKEN;
        }
        String grantType = issued.clientSessionCtx().getAttribute(Constants.GRANT_TYPE, String.class);
        return OAuth2Constants.TOKEN_EXCHANGE_GRANT_TYPE.equals(grantType) ? EventType.TOKEN_EXCHANGE : EventType.CODE_TO_TOKEN;
    }
}
