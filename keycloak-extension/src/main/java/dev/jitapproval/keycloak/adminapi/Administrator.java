package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.gate.Step.Impersonator;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.common.Profile;
import org.keycloak.common.util.Encode;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.RealmManager;
import org.keycloak.util.TokenUtil;

/**
 * Who calls the admin API.
 *
 * @param home the realm that they are of: the one that is acted on, or the realm of the server's admins
 * @param user their account, or a client's service account
 * @param client through which they call
 * @param login the session behind their token, or null
 * @param token as it was verified
 */
public record Administrator(RealmModel home, UserModel user, ClientModel client, UserSessionModel login, AccessToken token) {

    /**
     * Whom the token of the request at hand belongs to, verified as Keycloak does it. The proof of a bound token is left to Keycloak, which
     * lets it be shown only once; without it, Keycloak refuses what was let through here.
     *
     * @return empty where Keycloak will refuse the call by itself
     */
    static Optional<Administrator> of(KeycloakSession session) {
        try {
            // The very function of Keycloak's admin API: another one would take another of two headers.
            String written = AppAuthManager.extractAuthorizationHeaderToken(session.getContext().getHttpRequest().getHttpHeaders());
            return written == null ? Optional.empty() : verified(session, written);
        } catch (JWSInputException | WebApplicationException notAToken) {
            return Optional.empty();
        }
    }

    private static Optional<Administrator> verified(KeycloakSession session, String written) throws JWSInputException {
        String issuer = new JWSInput(written).readJsonContent(AccessToken.class).getIssuer();
        RealmModel home = issuer == null
                ? null
                : session.realms().getRealmByName(Encode.decodePath(issuer.substring(issuer.lastIndexOf('/') + 1)));
        if (home == null) {
            return Optional.empty();
        }
        session.getContext().setRealm(home);
        return Optional.ofNullable(AuthenticationManager.verifyIdentityToken(
                        session, home, session.getContext().getUri(), session.getContext().getConnection(), true, true, null, false, written,
                        session.getContext().getHttpRequest().getHttpHeaders(),
                        verifier -> verifier.tokenType(List.of(TokenUtil.TOKEN_TYPE_BEARER, TokenUtil.TOKEN_TYPE_DPOP))))
                .map(found -> new Administrator(home, found.user(), found.client(), found.session(), found.token()));
    }

    /**
     * Whether Keycloak may let them do anything in the realm; nobody else shall make approvers work. Wider than Keycloak, which also looks at
     * what their token carries.
     */
    boolean mayAdminister(RealmModel realm) {
        if (!home.equals(realm) && !RealmManager.isAdministrationRealm(home)) {
            return false;
        }
        if (realm.isAdminPermissionsEnabled() || Profile.isFeatureEnabled(Profile.Feature.ADMIN_FINE_GRAINED_AUTHZ)) {
            return true;
        }
        return RoleUtils.getDeepUserRoleMappings(user).stream().anyMatch(role -> AdminRoles.ALL_ROLES.contains(role.getName()));
    }

    /** Whether the start-up option names them: only users of the server's own realm, for in another one people choose their names. */
    boolean bypasses(KeycloakSession session) {
        return Config.getAdminRealm().equals(home.getName())
                && impersonator() == null
                && user.getServiceAccountClientLink() == null
                && JitApprovalProvider.of(session).config().adminBypassUsers().contains(user.getUsername());
    }

    /**
     * Them as the one who asks, with the person key of their own realm; or, where somebody acts in their name, of that person, who must not
     * approve what they ask for.
     */
    Requester requester(KeycloakSession session) {
        Impersonator acts = impersonator();
        String person = acts == null
                ? session.getProvider(EligibilityLookup.class).personKey(home, user)
                : acts.personKey(session, home);
        return new Requester(user.getId(), user.getUsername(), person);
    }

    /** What was proven for their token, or null where nobody signed in for it. */
    DecisionContext.Session proven(KeycloakSession session) {
        AuthenticatedClientSessionModel entered = login == null ? null : login.getAuthenticatedClientSessionByClient(client.getId());
        return entered == null ? null : SessionFacts.of(session, entered);
    }

    /** Who acts in their name, or null. */
    Impersonator impersonator() {
        return Impersonator.of(login);
    }
}
