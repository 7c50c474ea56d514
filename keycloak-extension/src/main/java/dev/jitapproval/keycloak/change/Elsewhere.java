package dev.jitapproval.keycloak.change;

import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.requiredactions.DeleteCredentialAction;
import org.keycloak.authentication.requiredactions.UpdateEmail;
import org.keycloak.broker.provider.IdpLinkAction;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;
import org.keycloak.services.Urls;

/**
 * Where a change is made that the Account REST API refuses: the same one as an application-initiated action, begun in the name of Keycloak's own
 * client {@code account} and ending in the account console.
 */
final class Elsewhere {

    private Elsewhere() {}

    /** @return empty where Keycloak has no such action */
    static Optional<URI> of(KeycloakSession session, Planned planned) {
        RealmModel realm = session.getContext().getRealm();
        return kcAction(realm, planned).map(action -> link(session.getContext().getUri().getBaseUri(), realm, action));
    }

    private static Optional<String> kcAction(RealmModel realm, Planned planned) {
        return switch (planned.action()) {
            case "update-profile" -> Optional.of(RequiredAction.UPDATE_PROFILE.name());
            case "update-email" -> Optional.of(
                    (UpdateEmail.isEnabled(realm) ? RequiredAction.UPDATE_EMAIL : RequiredAction.UPDATE_PROFILE).name());
            case "delete-credential" -> Optional.of(DeleteCredentialAction.PROVIDER_ID + ":" + planned.target().id());
            case "link-idp" -> planned.change().before() == null
                    ? Optional.of(IdpLinkAction.PROVIDER_ID + ":" + planned.target().id())
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static URI link(URI base, RealmModel realm, String action) {
        return OIDCLoginProtocolService.authUrl(UriBuilder.fromUri(base))
                .queryParam(OAuth2Constants.CLIENT_ID, Constants.ACCOUNT_MANAGEMENT_CLIENT_ID)
                .queryParam(OAuth2Constants.REDIRECT_URI, "{redirect}")
                .queryParam(OAuth2Constants.RESPONSE_TYPE, OAuth2Constants.CODE)
                .queryParam(OAuth2Constants.SCOPE, OAuth2Constants.SCOPE_OPENID)
                .queryParam(Constants.KC_ACTION, "{action}")
                .buildFromMap(Map.of(
                        "realm", realm.getName(),
                        "redirect", end(base, realm.getName()).toString(),
                        "action", action));
    }

    /** Where it ends: the account console. */
    static URI end(URI base, String realmName) {
        return URI.create(Urls.accountBase(base).build(realmName) + "/");
    }
}
