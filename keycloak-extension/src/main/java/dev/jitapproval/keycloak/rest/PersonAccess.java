package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.review.ReviewClient;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * Who calls the people's API: the owner of an access token of this realm that was made for the client {@code jit-approval} (its
 * audience). Keycloak checks signature, kind, expiry, revocation, not-before, DPoP proof, the user and that the session lives.
 *
 * @param token as it was verified
 * @param client that the token was issued to
 * @param userSession that the token belongs to
 */
record PersonAccess(
        KeycloakSession session, RealmModel realm, UserModel user, AccessToken token, ClientModel client,
        UserSessionModel userSession) {

    /** @throws Problem 401 without a valid token, 403 for one that was not made for this API */
    static PersonAccess of(KeycloakSession session) {
        RealmModel realm = session.getContext().getRealm();
        AuthenticationManager.AuthResult caller =
                new AppAuthManager.BearerTokenAuthenticator(session).setRealm(realm).authenticate();
        if (caller == null || caller.client() == null) {
            throw Problem.of(ProblemType.UNAUTHORIZED, "Send a valid access token of this realm as Authorization: Bearer.")
                    .challenge("error=\"invalid_token\"");
        }
        PersonAccess access = new PersonAccess(
                session, realm, caller.user(), caller.token(), caller.client(), caller.session());
        Cors.builder().checkAllowedOrigins(caller.token()).allowedMethods("GET", "POST").exposedHeaders("ETag").auth().add();
        access.requireAudience();
        return access;
    }

    /** The caller, as the one who gives a command. */
    Actor actor() {
        return Actor.user(
                user.getId(), user.getUsername(), session.getProvider(EligibilityLookup.class).personKey(realm, user));
    }

    private void requireAudience() {
        ClientModel approvals = realm.getClientByClientId(ReviewClient.CLIENT_ID);
        if (approvals == null || !approvals.isEnabled()) {
            throw Problem.of(ProblemType.FORBIDDEN, "This realm has no approvals: its client " + ReviewClient.CLIENT_ID
                    + " is missing or disabled.");
        }
        if (!token.hasAudience(ReviewClient.CLIENT_ID)) {
            throw Problem.of(ProblemType.INSUFFICIENT_SCOPE, "The access token was not made for this API: its audience (aud) must"
                            + " hold " + ReviewClient.CLIENT_ID + ". The client scope " + DecideScope.NAME + " puts it there.")
                    .challenge("error=\"insufficient_scope\", scope=\"" + DecideScope.NAME + "\"");
        }
    }
}
