package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jitapproval.keycloak.adminapi.AdminAct.When;
import dev.jitapproval.keycloak.adminapi.AdminDoor.Deed;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.keycloak.models.ClientModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** What an act is done to, and what it changes, looked up by what Keycloak itself goes by. */
final class ActFacts {

    /** More than a person can read before they decide. */
    static final int MOST = 100;

    /** Keycloak's user profile takes it away from the names of attributes. */
    private static final Pattern PREFIX = Pattern.compile("(?i)^(?:user\\.attributes\\.)+");

    private static final String ROLE = "role";
    private static final String GROUP = "group";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminCall call;
    private final JsonNode body;

    ActFacts(KeycloakSession session, RealmModel realm, AdminCall call) {
        this.session = session;
        this.realm = realm;
        this.call = call;
        this.body = call.json();
    }

    /** What the call does, of what it may do. */
    List<Deed> deeds(List<AdminAct> acts) {
        List<String> sameCall = List.of(call.method(), call.address(), call.digest());
        if (call.path().is("partialImport")) {
            Set<String> asked = acts.stream().map(AdminAct::action).collect(Collectors.toSet());
            List<Imported.Part> parts =
                    Imported.parts(body, new InRealm(session, realm)).stream().filter(part -> asked.contains(part.action())).toList();
            if (parts.size() > MOST) {
                throw AdminAnswer.tooMany("import", parts.size(), MOST);
            }
            return parts.stream().map(part -> new Deed(part.action(), part.target(), part.change(), sameCall)).toList();
        }
        return acts.stream()
                .filter(this::happens)
                .map(act -> new Deed(act.action(), target(act), change(act), sameCall))
                .toList();
    }

    /** Whether the call does it, given its body. */
    private boolean happens(AdminAct act) {
        return switch (act.when()) {
            case ALWAYS -> true;
            case CREDENTIALS -> hasCredentials();
            case CREDENTIALS_OR_IDENTITY -> hasCredentials() || isAnother("email", act.id()) || isAnother("username", act.id());
            case GROUPS -> holds("groups");
            case COMPOSITES -> holds("composites");
            case COMPOSITES_OR_NAME -> holds("composites") || newName(act).isPresent();
            case RENAMED -> newName(act).isPresent();
            case MOVED -> body.hasNonNull("id");
        };
    }

    /** What it is done to. */
    private Target target(AdminAct act) {
        String id = act.when() == When.MOVED ? body.path("id").asText() : act.id();
        Optional<String[]> found = switch (act.type()) {
            case "user" -> Optional.ofNullable(session.users().getUserById(realm, id)).map(user -> pair(user.getId(), user.getUsername()));
            case "group" -> group(id).map(group -> pair(group.getId(), KeycloakModelUtils.buildGroupPath(group)));
            case "role" -> role(id).map(role -> pair(role.getId(), InRealm.nameOf(role)));
            case "client" -> Optional.ofNullable(realm.getClientById(id)).map(client -> pair(client.getId(), client.getClientId()));
            case "organization" -> Optional.of(pair(id, null));
            default -> Optional.empty();
        };
        String[] pair = found.orElseGet(() -> id.isEmpty() ? pair(written(act), written(act)) : pair(id, null));
        return new Target(act.type(), pair[0], pair[1]);
    }

    /** What changes, or null where that is all that there is to say. */
    private Change change(AdminAct act) {
        return switch (act.action()) {
            case AdminAct.GRANT_ROLE -> after(ROLE, roles(act));
            case AdminAct.JOIN_GROUP -> after(GROUP, groups(act));
            case AdminAct.RESET_CREDENTIAL -> fields(credentials(act));
            case AdminAct.CHANGE_REALM -> new Difference(session, realm, call, body).of(act);
            default -> null;
        };
    }

    private boolean hasCredentials() {
        return holds("credentials") || holds("federatedIdentities");
    }

    /** @param attribute {@code email} or {@code username}, which Keycloak compares and keeps in small letters */
    private boolean isAnother(String attribute, String userId) {
        UserModel user = session.users().getUserById(realm, userId);
        Stream<JsonNode> attributes = body.path("attributes").properties().stream()
                .filter(written -> PREFIX.matcher(written.getKey()).replaceFirst("").equalsIgnoreCase(attribute))
                .flatMap(written -> written.getValue().isArray() ? elements(written.getValue()) : Stream.of(written.getValue()));
        return user != null && Stream.concat(Stream.of(body.path(attribute)), attributes)
                .filter(JsonNode::isTextual)
                .anyMatch(value -> !value.asText().toLowerCase(Locale.ROOT).equals(attribute.equals("email") ? user.getEmail() : user.getUsername()));
    }

    /** What a credential is for Keycloak: with a value, a password, whatever it is said to be. */
    static String kind(JsonNode credential) {
        return credential.path("value").asText("").isEmpty() ? credential.path("type").asText("password") : "password";
    }

    /** The name that a role takes, or the path that a group takes, where it has another one now. */
    private Optional<String> newName(AdminAct act) {
        String name = body.path("name").asText("");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return act.type().equals(GROUP)
                ? group(act.id()).filter(group -> !name.equals(group.getName())).map(group -> below(group.getParent(), name))
                : role(act.id()).filter(role -> !name.equals(role.getName())).map(role -> beside(role, name));
    }

    private static String below(GroupModel parent, String name) {
        return (parent == null ? "" : KeycloakModelUtils.buildGroupPath(parent)) + "/" + name;
    }

    private static String beside(RoleModel role, String name) {
        return role.getContainer() instanceof ClientModel client ? client.getClientId() + "/" + name : name;
    }

    /** Whatever Keycloak may take for something: a list or an object with anything in it. */
    private boolean holds(String member) {
        JsonNode value = body.path(member);
        return !value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty());
    }

    private List<String> roles(AdminAct act) {
        if (body.isArray()) {
            return elements(body).map(this::roleOf).toList();
        }
        JsonNode composites = body.path("composites");
        List<String> roles = new ArrayList<>(elements(composites.path("realm")).map(JsonNode::asText).toList());
        composites.path("client").properties()
                .forEach(client -> elements(client.getValue()).forEach(role -> roles.add(client.getKey() + "/" + role.asText())));
        if (act.when() == When.COMPOSITES_OR_NAME) {
            newName(act).ifPresent(roles::add);
        }
        return roles;
    }

    /**
     * By its id, where there is one: for some calls Keycloak looks at nothing else. For the roles of a client that the path names, it goes by the name, alone
     * or as well.
     */
    private String roleOf(JsonNode written) {
        AdminPath path = call.path();
        int last = path.segments().size() - 1;
        ClientModel owner = last > 0 && path.at(last - 1).equals("clients") ? realm.getClientById(path.at(last)) : null;
        if (owner != null) {
            return owner.getClientId() + "/" + written.path("name").asText();
        }
        RoleModel byId = written.hasNonNull("id") ? realm.getRoleById(written.get("id").asText()) : null;
        return byId == null ? written.path("name").asText() : InRealm.nameOf(byId);
    }

    private List<String> groups(AdminAct act) {
        AdminPath path = call.path();
        if (path.starts("users", "*", "groups", "*")) {
            return List.of(groupName(path.at(3)));
        }
        if (path.starts("organizations", "*", "groups", "*")) {
            return List.of(groupName(path.at(3)));
        }
        return switch (act.type()) {
            case "user" -> elements(body.path("groups")).map(JsonNode::asText).map(this::pathOf).toList();
            case "group" -> List.of(act.when() == When.RENAMED ? newName(act).orElse(act.id()) : groupName(act.id()));
            default -> List.of(act.type() + " " + act.id());
        };
    }

    /** Keycloak finds a group by its path without the first slash as well. */
    private String pathOf(String written) {
        return new InRealm(session, realm).group(written).map(Target::name).orElse(written);
    }

    private String groupName(String id) {
        return group(id).map(KeycloakModelUtils::buildGroupPath).orElse(id.isEmpty() ? "/" : id);
    }

    private List<String> credentials(AdminAct act) {
        AdminPath path = call.path();
        String what = path.at(2);
        return switch (what) {
            case "reset-password", "reset-password-email" -> List.of("password");
            case "execute-actions-email", "disable-credential-types" -> elements(body).map(JsonNode::asText).toList();
            case "federated-identity" -> List.of("identity-provider");
            case "credentials" -> List.of("credential");
            default -> Stream.of(
                            elements(body.path("credentials")).map(ActFacts::kind),
                            holds("federatedIdentities") ? Stream.of("identity-provider") : Stream.<String>empty(),
                            Stream.of("email", "username").filter(attribute -> isAnother(attribute, act.id())))
                    .flatMap(types -> types)
                    .toList();
        };
    }

    private Optional<GroupModel> group(String id) {
        return Optional.ofNullable(id.isEmpty() ? null : session.groups().getGroupById(realm, id));
    }

    /** By name, in the realm or in the client that the path names, or by id. */
    private Optional<RoleModel> role(String nameOrId) {
        if (nameOrId.isEmpty()) {
            return Optional.empty();
        }
        if (call.path().starts("clients", "*", "roles")) {
            return Optional.ofNullable(realm.getClientById(call.path().at(1))).map(client -> client.getRole(nameOrId));
        }
        return Optional.ofNullable(call.path().starts("roles-by-id") ? realm.getRoleById(nameOrId) : realm.getRole(nameOrId));
    }

    /** What the body calls the thing that is made; names of users have no capitals. */
    private String written(AdminAct act) {
        String name = Stream.of("clientId", "alias", "username", "name", "realm", "providerId", "id")
                .map(member -> body.path(member).asText(null))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("new");
        return act.type().equals("user") ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** Whole or not at all: what is cut off, neither a rule nor an approver sees. */
    private static Change after(String field, List<String> values) {
        return new Change(List.of(field), null, Map.of(field, whole(field, values)));
    }

    /**
     * Values in an order of their own, each once.
     *
     * @throws dev.jitapproval.keycloak.api.Problem where there are more than an approver can read
     */
    static List<String> whole(String field, List<String> values) {
        List<String> told = values.stream().distinct().sorted().toList();
        if (told.size() > MOST) {
            throw AdminAnswer.tooMany(field, told.size(), MOST);
        }
        return told;
    }

    private static Change fields(List<String> names) {
        return names.isEmpty() ? null : new Change(whole("field", names), null, null);
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.empty();
    }

    private static String[] pair(String id, String name) {
        return new String[] {id, name};
    }
}
