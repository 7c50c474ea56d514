package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.context.DecisionContext.Target;
import dev.jitapproval.keycloak.review.SafeText;
import java.util.Map;
import java.util.Set;

/**
 * What is acted on, as people read it.
 *
 * @param type the last part of {@code jitTarget.}
 * @param name its name, or its id where it has none
 * @param id its id where that is not the name, or {@code ""}
 * @param plain whether a sentence names it without saying what it is
 */
public record NamedTarget(String type, String name, String id, boolean plain) {

    private static final Set<String> TYPES = Set.of(
            "user", "group", "organization", "role", "client", "flow", "required-action", "realm", "policy", "credential",
            "identity-provider");

    /**
     * Names a target.
     *
     * @param expected the type that goes without saying, or null
     */
    static NamedTarget of(Target target, String expected) {
        String id = SafeText.line(target.id());
        String name = SafeText.line(target.name());
        String shown = name.isEmpty() ? id : name;
        String type = target.type() != null && TYPES.contains(target.type()) ? target.type() : "other";
        return new NamedTarget(type, shown, shown.equals(id) ? "" : id, type.equals(expected));
    }

    /** For templates, which read maps. */
    public Map<String, Object> toModel() {
        return Map.of("type", type, "name", name, "id", id, "plain", plain);
    }

    String inSentence(Messages messages) {
        return plain ? name : messages.get("jitTargetNamed", name, messages.get("jitTarget." + type));
    }
}
