package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** What a realm has, found by the names that bodies of calls use, as Keycloak finds it. */
final class InRealm implements Imported.Existing {

    private final KeycloakSession session;
    private final RealmModel realm;

    InRealm(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    @Override
    public Optional<Target> user(String username, String email) {
        UserModel user = username.isEmpty() ? null : session.users().getUserByUsername(realm, username);
        if (user == null && !email.isEmpty() && !realm.isDuplicateEmailsAllowed()) {
            user = session.users().getUserByEmail(realm, email);
        }
        return Optional.ofNullable(user).map(found -> new Target("user", found.getId(), found.getUsername()));
    }

    @Override
    public Optional<Target> group(String path) {
        return Optional.ofNullable(KeycloakModelUtils.findGroupByPath(session, realm, path))
                .map(group -> new Target("group", group.getId(), KeycloakModelUtils.buildGroupPath(group)));
    }

    @Override
    public Optional<Target> role(String client, String name) {
        if (client == null) {
            return Optional.ofNullable(realm.getRole(name)).map(role -> new Target("role", role.getId(), role.getName()));
        }
        return Optional.ofNullable(realm.getClientByClientId(client))
                .map(owner -> owner.getRole(name))
                .map(role -> new Target("role", role.getId(), nameOf(role)));
    }

    @Override
    public Optional<Target> client(String clientId) {
        return Optional.ofNullable(realm.getClientByClientId(clientId))
                .map(client -> new Target("client", client.getId(), client.getClientId()));
    }

    /** {@code role}, or {@code client/role} for the role of a client. */
    static String nameOf(RoleModel role) {
        return role.getContainer() instanceof ClientModel client ? client.getClientId() + "/" + role.getName() : role.getName();
    }
}
