package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.grant.RestsOn;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.authorization.authorization.AuthorizationTokenService;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.IDToken;
import org.keycloak.services.managers.AppAuthManager;

/**
 * The token that another one is made of, where the session at hand does not tell what it rests on. Keycloak makes a UMA ticket in a session of
 * the resource server's, and what is made of a token without a session, in one that is gone after the request. What is made does not last longer
 * than its origin: as a ticket is an origin as well, that is what keeps it from being renewed by itself, again and again.
 */
final class Origin {

    /** Approvals that a client's session does not rest on, but some token in it. */
    private static final Set<String> OF_TOKENS = Set.of(Grant.REFRESH.action(), Grant.EXCHANGE.action());

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AccessToken token;
    private final boolean ticket;

    private Origin(KeycloakSession session, AccessToken token, boolean ticket) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.token = token;
        this.ticket = ticket;
    }

    /** Of what is about to leave; empty where it is made of a login, or goes on in a session that knows what it rests on. */
    static Optional<Origin> of(KeycloakSession session, TokenPostProcessorContext issued) {
        if (issued.requestRefreshToken() != null || !(session.getContext().getBearerToken() instanceof AccessToken token)) {
            return Optional.empty();
        }
        String type = grantType(session, issued);
        boolean ticket = OAuth2Constants.UMA_GRANT_TYPE.equals(type);
        boolean sessionless = OAuth2Constants.TOKEN_EXCHANGE_GRANT_TYPE.equals(type) && token.getSessionId() == null;
        return ticket || sessionless ? Optional.of(new Origin(session, token, ticket)) : Optional.empty();
    }

    /** The parameter {@code grant_type}, as Keycloak has understood it where it says so; or null. */
    static String grantType(KeycloakSession session, TokenPostProcessorContext issued) {
        String known = issued.clientSessionCtx().getAttribute(Constants.GRANT_TYPE, String.class);
        return known != null ? known : AskedFor.grantType(session);
    }

    /** Whether a UMA ticket is made of it. */
    boolean isOfTicket() {
        return ticket;
    }

    /** The client that it was given to, which a ticket is given to as well. */
    ClientModel client() {
        return realm.getClientByClientId(token.getIssuedFor());
    }

    /**
     * What a ticket rests on: all that the session of the client does which asks for it. An access token expires with every other approval that it
     * rests on, which an ID token does not.
     */
    List<RestsOn> grounds(UserSessionModel userSession) {
        List<RestsOn> all = new ArrayList<>();
        if (ticket) {
            RestsOn.of(userSession, client().getId()).forEach((action, rests) -> {
                if (isIdToken() || !OF_TOKENS.contains(action)) {
                    all.add(rests);
                }
            });
        }
        return all;
    }

    /** Lets nothing that is made of it last longer. */
    void bound(TokenPostProcessorContext issued) {
        Long end = end();
        if (end == null || end == 0) {
            return;
        }
        GrantGuard.endWith(issued.accessToken(), end);
        // Which of a client's exchanges has given the origin, it does not say; what any other approval let out goes on in the client's session.
        if (ticket && mayBeExchanged(issued.clientSessionCtx().getClientSession().getUserSession())) {
            RefreshGround.end(issued.refreshToken(), end);
        }
    }

    /** A ticket tells of the approval that its origin tells of. */
    void tell(TokenPostProcessorContext issued) {
        Object approval = token.getOtherClaims().get(ApprovalMapper.CLAIM);
        if (ticket && approval != null && ApprovalMapper.isWanted(session, issued.clientSessionCtx())) {
            issued.accessToken().getOtherClaims().putIfAbsent(ApprovalMapper.CLAIM, approval);
        }
    }

    private boolean mayBeExchanged(UserSessionModel userSession) {
        UserSessionModel offline = session.sessions().getOfflineUserSession(realm, userSession.getId());
        return Stream.of(Optional.of(userSession), Optional.ofNullable(offline))
                .flatMap(Optional::stream)
                .anyMatch(known -> RestsOn.of(known, client().getId()).containsKey(Grant.EXCHANGE.action()));
    }

    /** Seconds since 1970, or null. Of an ID token Keycloak makes an access token that lasts as if it were new, and that is what stands here. */
    private Long end() {
        return isIdToken() ? shown().getExp() : token.getExp();
    }

    /** As AuthorizationTokenService understands the request; an access token in the header is then taken for an ID token. */
    private boolean isIdToken() {
        return ticket && AuthorizationTokenService.CLAIM_TOKEN_FORMAT_ID_TOKEN.equals(AskedFor.claimTokenFormat(session));
    }

    private IDToken shown() {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        String header = headers.getRequestHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        boolean bearer = header != null && header.toLowerCase(Locale.ROOT).startsWith("bearer");
        String text = bearer ? AppAuthManager.extractAuthorizationHeaderToken(headers) : AskedFor.claimToken(session);
        IDToken shown = session.tokens().decode(text, IDToken.class);
        if (shown == null) {
            throw new IllegalStateException("the token that a ticket is made of cannot be read");
        }
        return shown;
    }
}
