package dev.jitapproval.keycloak.doors;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.common.Profile;
import org.keycloak.common.Profile.Feature;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.saml.SamlProtocol;

/** The doors that are grants: which clients may use one that no rule is on. The checkpoint stands at all of them, once there is a rule. */
final class TokenDoors {

    private static final String REFRESH = "token-refresh";
    private static final String EXCHANGE = "token-exchange";

    private final RealmModel realm;
    private final Guard guard;
    private final List<ClientModel> clients;

    /** @param clients the enabled clients of the realm */
    TokenDoors(RealmModel realm, Guard guard, List<ClientModel> clients) {
        this.realm = realm;
        this.guard = guard;
        this.clients = clients;
    }

    Stream<OpenDoor> open() {
        return Stream.of(grants(), refreshes(), unaskedFor(), legacyExchange()).flatMap(doors -> doors);
    }

    private Stream<OpenDoor> grants() {
        return Stream.of(
                        grant(DoorCode.CLIENT_CREDENTIALS, true, "client-credentials", "have a service account",
                                ClientModel::isServiceAccountsEnabled),
                        grant(DoorCode.DEVICE_GRANT, Profile.isFeatureEnabled(Feature.DEVICE_FLOW), "device", "give tokens to devices",
                                client -> realm.getOAuth2DeviceConfig().isOAuth2DeviceAuthorizationGrantEnabled(client)),
                        grant(DoorCode.CIBA, Profile.isFeatureEnabled(Feature.CIBA), "ciba", "may use CIBA",
                                client -> realm.getCibaPolicy().isOIDCCIBAGrantEnabled(client)),
                        grant(DoorCode.TOKEN_EXCHANGE, Profile.isFeatureEnabled(Feature.TOKEN_EXCHANGE_STANDARD_V2), EXCHANGE,
                                "may exchange tokens",
                                client -> OIDCAdvancedConfigWrapper.fromClientModel(client).isStandardTokenExchangeEnabled()),
                        grant(DoorCode.JWT_GRANT, Profile.isFeatureEnabled(Feature.JWT_AUTHORIZATION_GRANT), "jwt-grant",
                                "may use the JWT authorization grant",
                                client -> OIDCAdvancedConfigWrapper.fromClientModel(client).getJWTAuthorizationGrantEnabled()))
                .flatMap(doors -> doors);
    }

    private Stream<OpenDoor> grant(DoorCode code, boolean onServer, String action, String what, Predicate<ClientModel> allowed) {
        if (!onServer || guard.rules(action)) {
            return Stream.empty();
        }
        return OpenDoor.about(code, oidc(allowed), "Clients " + what + ", and no rule is on " + action,
                "Write a rule on " + action + ", or turn the grant off in the clients.");
    }

    private Stream<OpenDoor> refreshes() {
        if (guard.rules(REFRESH)) {
            return Stream.empty();
        }
        Stream<OpenDoor> offline = OpenDoor.about(DoorCode.OFFLINE_ACCESS,
                oidc(client -> client.isStandardFlowEnabled() && mayAskForOfflineAccess(client)),
                "Clients may ask for refresh tokens that outlive the session, and no rule is on " + REFRESH,
                "Write a rule on " + REFRESH + ", or take the client scope " + OAuth2Constants.OFFLINE_ACCESS + " from the clients.");
        return Stream.concat(offline, Stream.of(OpenDoor.of(DoorCode.TOKEN_REFRESH,
                "Whoever has a refresh token gets new tokens for as long as the session lives: no rule is on " + REFRESH + ".",
                "Write a rule on " + REFRESH + ".")));
    }

    private static boolean mayAskForOfflineAccess(ClientModel client) {
        return client.getClientScopes(true).containsKey(OAuth2Constants.OFFLINE_ACCESS)
                || client.getClientScopes(false).containsKey(OAuth2Constants.OFFLINE_ACCESS);
    }

    private Stream<OpenDoor> unaskedFor() {
        return Stream.concat(
                OpenDoor.about(DoorCode.IMPLICIT_FLOW, oidc(ClientModel::isImplicitFlowEnabled),
                        "Clients get tokens in an address, where they are not exchanged for a code",
                        "Turn the implicit flow off in the clients."),
                OpenDoor.about(DoorCode.SAML_IDP_INITIATED,
                        Clients.named(clients, client -> !blank(client.getAttribute(SamlProtocol.SAML_IDP_INITIATED_SSO_URL_NAME))),
                        "A link from anywhere signs in to SAML clients that did not ask",
                        "Take the IDP-Initiated SSO URL name from the clients."));
    }

    private Stream<OpenDoor> legacyExchange() {
        return !Profile.isFeatureEnabled(Feature.TOKEN_EXCHANGE) || guard.rules(EXCHANGE)
                ? Stream.empty()
                : Stream.of(OpenDoor.of(DoorCode.LEGACY_TOKEN_EXCHANGE,
                        "The server has the feature token-exchange:v1, which can also act in another user's name, and no rule is on "
                                + EXCHANGE + ".",
                        "Start the server without the feature, or write a rule on " + EXCHANGE + "."));
    }

    private List<String> oidc(Predicate<ClientModel> which) {
        return Clients.named(clients, client -> Clients.isOidc(client) && which.test(client));
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
