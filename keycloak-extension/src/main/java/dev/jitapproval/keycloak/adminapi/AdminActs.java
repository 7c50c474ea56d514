package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.adminapi.AdminAct.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which calls of Keycloak's admin API do what. What only reads is no act, except where it reads a secret; what takes something away is
 * none, except where it takes away what guards.
 */
final class AdminActs {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Whatever is changed below these, changes what a realm lets happen. */
    private static final Set<String> SETTINGS = Set.of(
            "authentication", "client-policies", "client-scopes", "client-templates", "client-types", "components",
            "default-default-client-scopes", "default-optional-client-scopes", "identity-provider", "localization", "ui-ext",
            "users-management-permissions", "workflows");

    private AdminActs() {}

    /** @param method of HTTP */
    static List<AdminAct> of(String method, AdminPath path) {
        String verb = method.toUpperCase(Locale.ROOT);
        boolean reads = READING.contains(verb);
        List<AdminAct> acts = new ArrayList<>();
        String first = path.at(0);
        switch (first) {
            case "users" -> users(acts, verb, path);
            case "groups" -> group(acts, verb, path.at(1), path.from(2));
            case "clients" -> clients(acts, verb, path);
            case "roles" -> role(acts, verb, path.at(1), path.from(2));
            case "roles-by-id" -> role(acts, verb, path.at(1), path.from(2));
            case "organizations" -> organizations(acts, verb, path);
            case "default-groups" -> when(acts, verb.equals("PUT"), AdminAct.JOIN_GROUP, "group", path.at(1));
            case "clients-initial-access" ->
                when(acts, verb.equals("POST"), AdminAct.READ_SECRET, "client-registration", "initial-access");
            case "partialImport" -> partialImport(acts, verb);
            case "events", "admin-events" ->
                when(acts, !reads, AdminAct.CHANGE_REALM, "events", first);
            case "jit-approval" ->
                when(acts, !reads && path.is("*", "provision"), AdminAct.CHANGE_REALM, "checkpoint", "provision");
            case "api" -> {
                String client = path.at(path.segments().size() - 1);
                when(acts, !reads, AdminAct.CHANGE_REALM, "client", client);
                when(acts, reads && !verb.equals("OPTIONS"), AdminAct.READ_SECRET, "client", client);
            }
            case "" -> when(acts, !reads, AdminAct.CHANGE_REALM, "realm", path.realm() == null ? "" : path.realm());
            default -> {
                if (!reads && SETTINGS.contains(first)) {
                    settings(acts, path);
                }
            }
        }
        return acts;
    }

    private static void users(List<AdminAct> acts, String verb, AdminPath path) {
        String user = path.at(1);
        if (path.is("users")) {
            if (verb.equals("POST")) {
                acts.add(new AdminAct(AdminAct.RESET_CREDENTIAL, "user", "", When.CREDENTIALS));
                acts.add(new AdminAct(AdminAct.JOIN_GROUP, "user", "", When.GROUPS));
            }
        } else if (path.is("users", "profile")) {
            when(acts, verb.equals("PUT"), AdminAct.CHANGE_REALM, "user-profile", "user-profile");
        } else if (path.is("users", "*")) {
            if (verb.equals("PUT")) {
                acts.add(new AdminAct(AdminAct.RESET_CREDENTIAL, "user", user, When.CREDENTIALS_OR_IDENTITY));
            }
        } else {
            AdminPath rest = path.from(2);
            roleMappings(acts, verb, "user", user, rest);
            when(acts, verb.equals("PUT") && rest.is("groups", "*"), AdminAct.JOIN_GROUP, "user", user);
            when(acts, verb.equals("POST") && rest.is("impersonation"), AdminAct.IMPERSONATE, "user", user);
            when(acts, resetsCredential(verb, rest), AdminAct.RESET_CREDENTIAL, "user", user);
        }
    }

    /** Setting a label is none; a verification mail gives nobody a way in. */
    private static boolean resetsCredential(String verb, AdminPath rest) {
        return switch (verb) {
            case "PUT" -> rest.is("reset-password") || rest.is("reset-password-email") || rest.is("execute-actions-email")
                    || rest.is("disable-credential-types");
            case "POST" -> rest.starts("credentials", "*", "moveToFirst") || rest.starts("credentials", "*", "moveAfter")
                    || rest.is("federated-identity", "*");
            case "DELETE" -> rest.is("credentials", "*");
            default -> false;
        };
    }

    private static void group(List<AdminAct> acts, String verb, String group, AdminPath rest) {
        roleMappings(acts, verb, "group", group, rest);
        if (verb.equals("POST") && (rest.is("children") || group.isEmpty())) {
            acts.add(new AdminAct(AdminAct.JOIN_GROUP, "group", group, When.MOVED));
        } else if (verb.equals("PUT") && rest.is()) {
            acts.add(new AdminAct(AdminAct.JOIN_GROUP, "group", group, When.RENAMED));
        }
        permissions(acts, verb, "group", group, rest);
    }

    private static void roleMappings(List<AdminAct> acts, String verb, String type, String id, AdminPath rest) {
        when(acts, verb.equals("POST") && rest.starts("role-mappings"), AdminAct.GRANT_ROLE, type, id);
    }

    /** @param rest what follows the role */
    private static void role(List<AdminAct> acts, String verb, String role, AdminPath rest) {
        if (verb.equals("POST") && rest.is("composites")) {
            acts.add(AdminAct.of(AdminAct.GRANT_ROLE, "role", role));
        } else if (verb.equals("POST") && role.isEmpty()) {
            acts.add(new AdminAct(AdminAct.GRANT_ROLE, "role", role, When.COMPOSITES));
        } else if (verb.equals("PUT") && rest.is()) {
            acts.add(new AdminAct(AdminAct.GRANT_ROLE, "role", role, When.COMPOSITES_OR_NAME));
        }
        permissions(acts, verb, "role", role, rest);
    }

    private static void permissions(List<AdminAct> acts, String verb, String type, String id, AdminPath rest) {
        when(acts, verb.equals("PUT") && rest.starts("management", "permissions"), AdminAct.CHANGE_REALM, type, id);
    }

    private static void clients(List<AdminAct> acts, String verb, AdminPath path) {
        String client = path.at(1);
        AdminPath rest = path.from(2);
        boolean reads = READING.contains(verb);
        if (rest.starts("client-secret") || rest.starts("installation", "providers")) {
            when(acts, !verb.equals("OPTIONS"), AdminAct.READ_SECRET, "client", client);
        } else if (rest.starts("registration-access-token") || rest.starts("certificates", "*") && !rest.at(2).startsWith("upload")) {
            when(acts, !reads, AdminAct.READ_SECRET, "client", client);
        } else if (rest.starts("roles")) {
            role(acts, verb, rest.at(1), rest.from(2));
        } else if (rest.starts("scope-mappings")) {
            when(acts, verb.equals("POST"), AdminAct.GRANT_ROLE, "client", client);
        } else if (!rest.starts("push-revocation") && !rest.starts("nodes")) {
            when(acts, !reads, AdminAct.CHANGE_REALM, "client", client);
        }
    }

    private static void organizations(List<AdminAct> acts, String verb, AdminPath path) {
        String organization = path.at(1);
        AdminPath rest = path.from(2);
        if (rest.starts("groups")) {
            AdminPath below = rest.from(2);
            group(acts, verb, rest.at(1), below);
            when(acts, verb.equals("PUT") && below.is("members", "*"), AdminAct.JOIN_GROUP, "user", below.at(1));
        } else if (rest.starts("members") || rest.starts("invitations")) {
            when(acts, verb.equals("POST"), AdminAct.JOIN_GROUP, "organization", organization);
        } else {
            when(acts, !READING.contains(verb), AdminAct.CHANGE_REALM, "organization", organization);
        }
    }

    /** Its users may have roles, groups and credentials, and its clients anything. */
    private static void partialImport(List<AdminAct> acts, String verb) {
        if (verb.equals("POST")) {
            for (String action : List.of(
                    AdminAct.CHANGE_REALM, AdminAct.GRANT_ROLE, AdminAct.JOIN_GROUP, AdminAct.RESET_CREDENTIAL)) {
                acts.add(AdminAct.of(action, "realm", "partialImport"));
            }
        }
    }

    private static void settings(List<AdminAct> acts, AdminPath path) {
        String id = path.at(1);
        if (path.starts("authentication")) {
            boolean required = path.starts("*", "required-actions") || path.starts("*", "register-required-action");
            acts.add(AdminAct.of(AdminAct.CHANGE_REALM, required ? "required-action" : "flow", path.at(2)));
        } else if (path.starts("client-scopes", "*", "scope-mappings") || path.starts("client-templates", "*", "scope-mappings")) {
            acts.add(AdminAct.of(AdminAct.GRANT_ROLE, "client-scope", id));
        } else if (path.starts("identity-provider")) {
            acts.add(AdminAct.of(AdminAct.CHANGE_REALM, "identity-provider", path.at(2)));
        } else {
            acts.add(AdminAct.of(AdminAct.CHANGE_REALM, type(path.at(0)), id));
        }
    }

    private static String type(String first) {
        return switch (first) {
            case "client-scopes", "client-templates" -> "client-scope";
            case "components" -> "component";
            case "localization" -> "localization";
            case "client-policies" -> "client-policy";
            case "workflows" -> "workflow";
            default -> "realm";
        };
    }

    private static void when(List<AdminAct> acts, boolean done, String action, String type, String id) {
        if (done) {
            acts.add(AdminAct.of(action, type, id));
        }
    }
}
