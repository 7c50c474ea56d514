package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.review.Level;
import dev.jitapproval.keycloak.review.MaxAuthAge;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.authenticators.util.LoAUtil;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.encode.AccessTokenContext;
import org.keycloak.protocol.oidc.encode.TokenContextEncoderProvider;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.util.DPoPUtil;
import org.keycloak.services.util.MtlsHoKTokenUtil;

/**
 * Whether an access token stands for its owner's own will: they signed in themselves, in a browser, to the very client that calls, and
 * that session lives. What Keycloak gives out by any other grant is refused, as is every kind that is not known here.
 */
final class DeciderToken {

    /** By Keycloak's own note in the token's id. A refreshed token must have begun with a code as well. */
    private static final Set<String> GRANTS = Set.of(OAuth2Constants.AUTHORIZATION_CODE, OAuth2Constants.REFRESH_TOKEN);

    /** How long ago the sign-in may be that reached the level; Keycloak's own bound for actions that an application starts. */
    static final int LEVEL_HOLDS_SECONDS = Constants.KC_ACTION_MAX_AGE;

    /** The actor of a delegated token (RFC 8693). */
    private static final String ACTOR_CLAIM = "act";

    private final PersonAccess access;
    private final KeycloakSession session;
    private final AccessToken token;

    DeciderToken(PersonAccess access) {
        this.access = access;
        this.session = access.session();
        this.token = access.token();
    }

    /** @throws Problem 403, unless a person has signed in themselves for this token */
    void requirePerson() {
        if (access.user().getServiceAccountClientLink() != null) {
            throw refused("it belongs to a service account");
        }
        UserSessionModel userSession = access.userSession();
        if (userSession.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString()) != null
                || userSession.getNote(ImpersonationSessionNote.IMPERSONATOR_CLIENT.toString()) != null) {
            throw refused("somebody impersonates its owner");
        }
        if (token.getOtherClaims().containsKey(ACTOR_CLAIM)) {
            throw refused("somebody acts in its owner's name");
        }
        AccessTokenContext context = context();
        if (userSession.isOffline() || context.getSessionType() != AccessTokenContext.SessionType.ONLINE) {
            throw refused("it does not belong to a sign-in that is going on, such as an offline token");
        }
        if (!GRANTS.contains(context.getGrantType()) || !beganWithACode()) {
            throw refused("it was not obtained by its owner's sign-in in a browser (authorization code); exchanged tokens and those"
                    + " of other grants are not accepted");
        }
        requireProofOfPossession();
    }

    /** @throws Problem 403, unless the token's owner may change something with it */
    void requireDecider() {
        requirePerson();
        if (token.getScope() == null || !Arrays.asList(token.getScope().split(" ")).contains(DecideScope.NAME)) {
            throw Problem.of(ProblemType.INSUFFICIENT_SCOPE, "To decide, the access token needs the scope " + DecideScope.NAME + ".")
                    .challenge("error=\"insufficient_scope\", scope=\"" + DecideScope.NAME + "\"");
        }
    }

    /** @throws Problem 403, unless the token may be used to vote; 401, if the sign-in is longer ago than the realm allows */
    void requireVoter() {
        requireDecider();
        int maxAge = MaxAuthAge.of(session, ReviewClient.REVIEW_ACTION);
        if (KeycloakClock.now().getEpochSecond() - signedInAt() > maxAge) {
            throw Problem.of(ProblemType.SIGN_IN_TOO_OLD, "To decide in this realm, the sign-in may be " + maxAge + " seconds ago.")
                    .challenge("error=\"insufficient_user_authentication\", max_age=\"" + maxAge + "\"");
        }
    }

    /**
     * Whether the level that a stage requires was reached: both when the token was issued and by the session as it is now, and lately. The
     * review page asks for it in the very sign-in that decides; a session keeps a level, and refreshed tokens say it, for hours.
     */
    boolean reached(Stage stage) {
        if (stage.require().acr().isEmpty()) {
            return true;
        }
        if (!isRecent(signedInAt(), KeycloakClock.now().getEpochSecond())) {
            return false;
        }
        String required = stage.require().acr().get();
        ClientModel approvals = access.realm().getClientByClientId(ReviewClient.CLIENT_ID);
        Map<String, Integer> levels = AcrUtils.getAcrLoaMap(approvals);
        return Level.reached(levelOfToken(), required, levels)
                && Level.reached(LoAUtil.getCurrentLevelOfAuthentication(clientSession()), required, levels);
    }

    /** Whether a level that was reached then still counts. Both in seconds since 1970. */
    static boolean isRecent(long signedInAt, long now) {
        return now - signedInAt <= LEVEL_HOLDS_SECONDS;
    }

    private int levelOfToken() {
        if (token.getAcr() == null) {
            return Constants.NO_LOA;
        }
        Integer mapped = AcrUtils.getAcrLoaMap(access.client()).get(token.getAcr());
        if (mapped != null) {
            return mapped;
        }
        try {
            return Integer.parseInt(token.getAcr());
        } catch (NumberFormatException unknown) {
            return Constants.NO_LOA;
        }
    }

    private int signedInAt() {
        String noted = access.userSession().getNote(AuthenticationManager.AUTH_TIME);
        try {
            return noted == null ? access.userSession().getStarted() : Integer.parseInt(noted);
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }

    private AccessTokenContext context() {
        try {
            return session.getProvider(TokenContextEncoderProvider.class).getTokenContextFromTokenId(token.getId());
        } catch (IllegalArgumentException notKeycloaks) {
            throw refused("its id does not say how it was obtained");
        }
    }

    /** The authorization endpoint leaves this note; a client session that an exchange made does not have it, or says so itself. */
    private boolean beganWithACode() {
        AuthenticatedClientSessionModel clientSession = clientSession();
        return clientSession != null
                && OAuth2Constants.CODE.equals(clientSession.getNote(OIDCLoginProtocol.RESPONSE_TYPE_PARAM))
                && clientSession.getNotes().keySet().stream().noneMatch(note -> note.startsWith(Constants.TOKEN_EXCHANGE_SUBJECT_CLIENT));
    }

    private AuthenticatedClientSessionModel clientSession() {
        return access.userSession().getAuthenticatedClientSessionByClient(access.client().getId());
    }

    /** Keycloak has checked a DPoP proof where there is one; a bound token without proof is worth nothing. */
    private void requireProofOfPossession() {
        AccessToken.Confirmation bound = token.getConfirmation();
        if (bound == null) {
            return;
        }
        boolean byKey = bound.getKeyThumbprint() != null && DPoPUtil.DPOP_TOKEN_TYPE.equalsIgnoreCase(token.getType());
        boolean byCertificate = bound.getCertThumbprint() != null
                && MtlsHoKTokenUtil.verifyTokenBindingWithClientCertificate(token, session.getContext().getHttpRequest(), session);
        if (!byKey && !byCertificate) {
            throw refused("it is bound to a key or a certificate, and there is no proof of it");
        }
    }

    private static Problem refused(String because) {
        return Problem.of(ProblemType.TOKEN_NOT_ACCEPTED, "This access token is not accepted here: " + because + ".");
    }
}
