package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.api.AdminAccess;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.keycloak.events.admin.OperationType;

/** Tells Keycloak's admin events who changed a realm's policy. The source stays out of them; its hash says which it was. */
final class PolicyRecords {

    private static final String RESOURCE_TYPE = "JIT_POLICY";

    private final AdminAccess access;

    PolicyRecords(AdminAccess access) {
        this.access = access;
    }

    void put(PolicyVersion version) {
        access.event(OperationType.CREATE, RESOURCE_TYPE, "jit-approval", "policies", Long.toString(version.number()))
                .representation(about(version, version.comment()))
                .success();
    }

    void switched(ActivePolicy active) {
        String kind = active.activation().kind().name().toLowerCase(Locale.ROOT);
        Map<String, Object> shown = about(active.version(), active.activation().comment());
        shown.put("kind", kind);
        shown.put("seq", active.activation().seq());
        access.event(
                        OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "policies", Long.toString(active.version().number()), kind)
                .representation(shown)
                .success();
    }

    private static Map<String, Object> about(PolicyVersion version, String comment) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("version", version.number());
        shown.put("hash", version.hash());
        shown.put("name", version.name());
        shown.put("mode", version.mode().name().toLowerCase(Locale.ROOT));
        shown.put("author", version.author().name());
        shown.put("comment", comment);
        return shown;
    }
}
