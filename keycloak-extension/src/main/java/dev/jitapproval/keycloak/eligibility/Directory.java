package dev.jitapproval.keycloak.eligibility;

import dev.jitapproval.keycloak.engine.Selector;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Answers selectors from the realm as it is now. What a selector names and the realm does not have matches nobody. */
final class Directory {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final RoleHolders holders;

    Directory(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.holders = new RoleHolders(session, realm);
    }

    /**
     * Whether the person may vote under the selector.
     *
     * @param requester the user who asks, or {@code null} where the account is gone
     */
    boolean matches(Selector selector, UserModel requester, UserModel actor) {
        if (selector instanceof Selector.Role role) {
            return hasRole(actor, realm.getRole(role.role()));
        }
        if (selector instanceof Selector.ClientRole role) {
            return hasRole(actor, clientRole(role));
        }
        if (selector instanceof Selector.Group named) {
            GroupModel group = group(named);
            return group != null && actor.isMemberOf(group);
        }
        return named(selector, requester).anyMatch(user -> user.getId().equals(actor.getId()));
    }

    /** Everybody whom the selector matches, lazily; somebody may come more than once. */
    Stream<UserModel> people(Selector selector, UserModel requester) {
        if (selector instanceof Selector.Role role) {
            return holdersOf(realm.getRole(role.role()));
        }
        if (selector instanceof Selector.ClientRole role) {
            return holdersOf(clientRole(role));
        }
        if (selector instanceof Selector.Group named) {
            GroupModel group = group(named);
            return group == null ? Stream.empty() : holders.membersOf(group);
        }
        return named(selector, requester);
    }

    /**
     * The accounts that a selector names. Keycloak says whose a name is: comparing names here would take one for another that only
     * differs in letters which fold alike, such as {@code chriſ} for {@code chris}, and anybody may register those.
     */
    private Stream<UserModel> named(Selector selector, UserModel requester) {
        return names(selector, requester)
                .map(name -> session.users().getUserByUsername(realm, name))
                .filter(Objects::nonNull);
    }

    private Stream<String> names(Selector selector, UserModel requester) {
        if (selector instanceof Selector.User user) {
            return Stream.of(user.username());
        }
        if (selector instanceof Selector.Users users) {
            return users.usernames().stream();
        }
        if (selector instanceof Selector.Attribute attribute && requester != null
                && AttributeTrust.adminOnly(session, realm, attribute.attribute())) {
            return requester.getAttributeStream(attribute.attribute()).filter(name -> !name.isBlank()).map(String::strip);
        }
        return Stream.empty();
    }

    private static boolean hasRole(UserModel user, RoleModel role) {
        return role != null && user.hasRole(role);
    }

    private Stream<UserModel> holdersOf(RoleModel role) {
        return role == null ? Stream.empty() : holders.of(role);
    }

    private RoleModel clientRole(Selector.ClientRole named) {
        ClientModel client = realm.getClientByClientId(named.client());
        return client == null ? null : client.getRole(named.role());
    }

    private GroupModel group(Selector.Group named) {
        return KeycloakModelUtils.findGroupByPath(session, realm, named.path());
    }
}
