package dev.jitapproval.keycloak.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.RoleUtils;

/** Reads what Keycloak knows about a user, at this moment. */
final class UserFacts {

    private UserFacts() {}

    static DecisionContext.User of(RealmModel realm, UserModel user) {
        TreeSet<String> realmRoles = new TreeSet<>();
        TreeMap<String, TreeSet<String>> clientRoles = new TreeMap<>();
        for (RoleModel role : RoleUtils.getDeepUserRoleMappings(user)) {
            if (role.isClientRole()) {
                ClientModel client = realm.getClientById(role.getContainerId());
                if (client != null) {
                    clientRoles.computeIfAbsent(client.getClientId(), id -> new TreeSet<>()).add(role.getName());
                }
            } else {
                realmRoles.add(role.getName());
            }
        }
        Map<String, List<String>> rolesByClient = new LinkedHashMap<>();
        clientRoles.forEach((client, roles) -> rolesByClient.put(client, List.copyOf(roles)));
        return new DecisionContext.User(
                user.getId(),
                user.getUsername(),
                user.getEmail(),
                user.isEmailVerified(),
                List.copyOf(realmRoles),
                rolesByClient,
                user.getGroupsStream().map(KeycloakModelUtils::buildGroupPath).sorted().toList(),
                attributes(user),
                user.getCreatedTimestamp() == null ? null : Instants.ofMillis(user.getCreatedTimestamp()),
                user.isFederated(),
                user.getServiceAccountClientLink() != null);
    }

    /** The user's attributes, user name and e-mail address among them, sorted by name. */
    static Map<String, List<String>> attributes(UserModel user) {
        TreeMap<String, List<String>> attributes = new TreeMap<>();
        user.getAttributes().forEach((name, values) -> {
            if (values != null) {
                List<String> present = new ArrayList<>(values);
                present.removeIf(value -> value == null);
                attributes.put(name, present);
            }
        });
        return attributes;
    }
}
