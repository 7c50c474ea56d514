package dev.jitapproval.keycloak.adminapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A partial import, taken apart into what it does to each thing, as calls of their own would be judged: a rule that is narrowed to a user, a
 * role or a client must find it here as well.
 */
final class Imported {

    /** Members that are no thing, or whose things are taken apart below. */
    private static final Set<String> KNOWN = Set.of(
            "ifResourceExists", "policy", "users", "groups", "roles", "clients", "identityProviders", "identityProviderMappers");

    /** Each is looked up in the database before Keycloak itself has asked whether the caller may import anything. */
    private static final int MOST_THINGS = 1_000;

    private static final String USER = "user";
    private static final String GROUP = "group";
    private static final String ROLE = "role";
    private static final String PROVIDER = "identity-provider";

    private final Existing existing;
    private final List<Part> parts = new ArrayList<>();

    private Imported(Existing existing) {
        this.existing = existing;
    }

    /**
     * What one thing of an import gets.
     *
     * @param action an action of the context schema
     * @param change what becomes different, or null
     */
    record Part(String action, Target target, Change change) {}

    /** What the realm has already. */
    interface Existing {

        /** The user who is found by either, as an import finds them; empty where there is none. */
        Optional<Target> user(String username, String email);

        /** The path of a group as the realm has it, however it is written; empty where there is none. */
        Optional<Target> group(String path);

        /** @param client the id of the client whose role it is; null for one of the realm */
        Optional<Target> role(String client, String name);

        Optional<Target> client(String clientId);
    }

    /** @return one part for each thing and action, in the order of the body */
    static List<Part> parts(JsonNode body, Existing existing) {
        int things = Stream.of("users", "groups", "clients", "identityProviders", "identityProviderMappers")
                .mapToInt(member -> body.path(member).size())
                .sum();
        if (things > MOST_THINGS) {
            throw AdminAnswer.tooMany("import", things, MOST_THINGS);
        }
        Imported imported = new Imported(existing);
        elements(body.path("users")).forEach(imported::user);
        elements(body.path("groups")).forEach(group -> imported.group("", group));
        elements(body.path("roles").path("realm")).forEach(role -> imported.role(null, role));
        body.path("roles").path("client").properties().forEach(
                client -> elements(client.getValue()).forEach(role -> imported.role(client.getKey(), role)));
        elements(body.path("clients")).forEach(client -> imported.client(client));
        elements(body.path("identityProviders")).forEach(provider -> imported.setting(made(PROVIDER, text(provider, "alias")), provider));
        elements(body.path("identityProviderMappers"))
                .forEach(mapper -> imported.setting(made(PROVIDER, text(mapper, "identityProviderAlias")), mapper));
        List<String> others = names(body).filter(member -> !KNOWN.contains(member)).toList();
        if (!others.isEmpty()) {
            imported.parts.add(new Part(
                    AdminAct.CHANGE_REALM, new Target("realm", "partialImport", null), new Change(others, null, null)));
        }
        return imported.parts;
    }

    private void user(JsonNode user) {
        String name = text(user, user.hasNonNull("username") ? "username" : "email").toLowerCase(Locale.ROOT);
        Optional<Target> there = existing.user(text(user, "username"), text(user, "email"));
        Target target = there.orElseGet(() -> made(USER, name));
        roles(target, assigned(user));
        List<String> groups = elements(user.path("groups"))
                .map(JsonNode::asText)
                .map(path -> existing.group(path).map(Target::name).orElse(path))
                .toList();
        if (!groups.isEmpty()) {
            parts.add(new Part(AdminAct.JOIN_GROUP, target, after(GROUP, groups)));
        }
        // Whoever is there already is removed and made anew from what is written here, e-mail and all.
        List<String> credentials = Stream.of(
                        elements(user.path("credentials")).map(ActFacts::kind),
                        // The second is what the first was called once; Keycloak still takes it.
                        user.path("federatedIdentities").isEmpty() && user.path("socialLinks").isEmpty()
                                ? Stream.<String>empty()
                                : Stream.of(PROVIDER),
                        there.stream().map(replaced -> "email"))
                .flatMap(types -> types)
                .toList();
        if (!credentials.isEmpty()) {
            parts.add(new Part(AdminAct.RESET_CREDENTIAL, target, new Change(ActFacts.whole("field", credentials), null, null)));
        }
    }

    private void group(String above, JsonNode group) {
        String path = above + "/" + text(group, "name");
        roles(existing.group(path).orElseGet(() -> made(GROUP, path)), assigned(group));
        elements(group.path("subGroups")).forEach(below -> group(path, below));
    }

    /** @param client the id of the client whose role it is; null for one of the realm */
    private void role(String client, JsonNode role) {
        JsonNode composites = role.path("composites");
        String name = text(role, "name");
        Target target = existing.role(client, name).orElseGet(() -> made(ROLE, client == null ? name : client + "/" + name));
        roles(target, named(composites.path("realm"), composites.path("client")));
    }

    private void roles(Target target, List<String> roles) {
        if (!roles.isEmpty()) {
            parts.add(new Part(AdminAct.GRANT_ROLE, target, after(ROLE, roles)));
        }
    }

    private void client(JsonNode client) {
        String clientId = text(client, "clientId");
        setting(existing.client(clientId).orElseGet(() -> made("client", clientId)), client);
    }

    private void setting(Target target, JsonNode written) {
        List<String> fields = ActFacts.whole("field", names(written).toList());
        parts.add(new Part(AdminAct.CHANGE_REALM, target, fields.isEmpty() ? null : new Change(fields, null, null)));
    }

    /** What is not there yet has the name that it is going to have. */
    private static Target made(String type, String name) {
        return new Target(type, name, name);
    }

    private static List<String> assigned(JsonNode holder) {
        return named(holder.path("realmRoles"), holder.path("clientRoles"));
    }

    /** Keycloak does not mind blanks around the name of a role. */
    private static List<String> named(JsonNode ofRealm, JsonNode byClient) {
        return Stream.concat(
                        elements(ofRealm).map(role -> role.asText().trim()),
                        byClient.properties().stream().flatMap(client ->
                                elements(client.getValue()).map(role -> client.getKey() + "/" + role.asText().trim())))
                .toList();
    }

    private static Change after(String field, List<String> values) {
        return new Change(List.of(field), null, Map.of(field, ActFacts.whole(field, values)));
    }

    private static Stream<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    private static String text(JsonNode object, String member) {
        return object.path(member).asText("");
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.empty();
    }
}
