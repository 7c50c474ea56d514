package dev.jitapproval.keycloak.doors;

import java.util.List;
import java.util.function.Predicate;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;

/** The clients of a realm that can ask for anything. */
final class Clients {

    private Clients() {}

    /** The enabled ones; not those that only check tokens. */
    static List<ClientModel> of(RealmModel realm) {
        return realm.getClientsStream().filter(client -> client.isEnabled() && !client.isBearerOnly()).toList();
    }

    /** Keycloak leaves the protocol out where it is OpenID Connect. */
    static boolean isOidc(ClientModel client) {
        return client.getProtocol() == null || OIDCLoginProtocol.LOGIN_PROTOCOL.equals(client.getProtocol());
    }

    static List<String> named(List<ClientModel> clients, Predicate<ClientModel> which) {
        return clients.stream().filter(which).map(ClientModel::getClientId).toList();
    }
}
