package dev.jitapproval.keycloak.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.jitapproval.keycloak.policy.Policy;
import dev.jitapproval.keycloak.policy.PolicyStatus;
import java.util.List;
import java.util.Locale;

/**
 * Whether a realm is ready, as the admin API tells it.
 *
 * @param realm the realm's name
 * @param ready whether nothing is missing
 * @param problems what keeps the realm from being guarded, each a sentence that says what would be right
 * @param warnings what works, but not as somebody may expect
 * @param browserFlow the flow that browser sign-ins go through
 * @param requiredAction whether the required action {@code jit-gate} guards every login
 * @param policy the policy that decides
 */
record Readiness(
        String realm, boolean ready, List<String> problems, List<String> warnings,
        @JsonProperty("browser_flow") BrowserFlow browserFlow,
        @JsonProperty("required_action") boolean requiredAction, RealmPolicy policy) {

    /**
     * @param bound the alias of the realm's browser flow
     * @param guarded whether it requires the checkpoint on its top level
     * @param prepared the alias of the flow that provisioning made, or null
     */
    record BrowserFlow(String bound, boolean guarded, String prepared) {}

    /**
     * @param name the active policy's name, or null where none is active
     * @param hash {@code sha256:…} of its source
     * @param mode {@code enforce} or {@code observe}
     * @param actions the actions that it has rules for
     * @param source {@code database} or {@code directory}
     * @param version its version in the database, or null
     * @param file the file that it came from, or null
     * @param activeSince since when on this node, RFC 3339
     * @param lastError why the newest one is not active
     */
    record RealmPolicy(
            String name, String hash, String mode, List<String> actions, String source, Long version, String file,
            @JsonProperty("active_since") String activeSince, @JsonProperty("last_error") String lastError) {

        static RealmPolicy of(PolicyStatus status) {
            Policy active = status.active().orElse(null);
            return new RealmPolicy(
                    active == null ? null : active.name(),
                    active == null ? null : active.hash(),
                    active == null ? null : active.mode().name().toLowerCase(Locale.ROOT),
                    active == null ? List.of() : active.actions(),
                    status.source().name().toLowerCase(Locale.ROOT),
                    status.version().orElse(null),
                    status.file().orElse(null),
                    status.activeSince().map(Object::toString).orElse(null),
                    status.lastError().orElse(null));
        }
    }
}
