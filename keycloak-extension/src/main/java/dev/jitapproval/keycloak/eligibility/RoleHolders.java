package dev.jitapproval.keycloak.eligibility;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;

/** Everybody who has a role: directly, through a composite role, or through a group or one of its parents. */
final class RoleHolders {

    private final KeycloakSession session;
    private final RealmModel realm;

    RoleHolders(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** A lazy stream; somebody who has the role in several ways comes several times. */
    Stream<UserModel> of(RoleModel role) {
        return withComposites(role).stream().flatMap(granting -> Stream.concat(
                session.users().getRoleMembersStream(realm, granting),
                session.groups().getGroupsByRoleStream(realm, granting, null, null).flatMap(this::membersOf)));
    }

    /** The members of a group and of all groups below it. */
    Stream<UserModel> membersOf(GroupModel group) {
        return Stream.concat(
                session.users().getGroupMembersStream(realm, group),
                group.getSubGroupsStream().flatMap(this::membersOf));
    }

    /** The role and every role that contains it. Keycloak's API walks from a composite down only. */
    private List<RoleModel> withComposites(RoleModel role) {
        Map<String, RoleModel> found = new LinkedHashMap<>();
        Deque<RoleModel> open = new ArrayDeque<>(List.of(role));
        while (!open.isEmpty()) {
            RoleModel next = open.pop();
            if (found.putIfAbsent(next.getId(), next) == null) {
                parentsOf(next).stream().map(realm::getRoleById).filter(parent -> parent != null).forEach(open::push);
            }
        }
        return List.copyOf(found.values());
    }

    private List<String> parentsOf(RoleModel role) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager()
                .createQuery("select c.parentRole.id from CompositeRoleEntity c where c.childRole.id = :role", String.class)
                .setParameter("role", role.getId())
                .getResultList();
    }
}
