package dev.jitapproval.keycloak.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jitapproval.keycloak.engine.Diagnostic;
import dev.jitapproval.keycloak.engine.LoadedPolicy;
import dev.jitapproval.keycloak.engine.PolicyMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Policies as the admin API shows them, in snake_case. */
final class PolicyViews {

    private PolicyViews() {}

    /**
     * A version.
     *
     * @param active whether it decides, according to the database
     * @param source the YAML text; left out in lists
     */
    record Version(
            long version, String hash, String name, String mode, Author author, Instant createdAt, String comment, boolean active,
            @JsonInclude(JsonInclude.Include.NON_NULL) String source) {

        static Version of(PolicyVersion version, long active, String source) {
            return new Version(
                    version.number(), version.hash(), version.name(), word(version.mode()), version.author(), version.createdAt(),
                    version.comment(), version.number() == active, source);
        }
    }

    /**
     * What the engine says of a valid policy.
     *
     * @param warnings what its author should look at
     */
    record Checked(
            String hash, String name, String mode, List<String> actions, List<String> rules, List<Diagnostic> warnings) {

        static Checked of(LoadedPolicy policy) {
            return new Checked(
                    policy.hash(), policy.name(), word(policy.mode()), policy.actions(), policy.rules(), policy.warnings());
        }
    }

    /**
     * What became of a policy that was put.
     *
     * @param created false where the newest version has the same bytes
     */
    record Put(
            long version, String hash, String name, String mode, Author author, Instant createdAt, String comment, boolean created,
            List<Diagnostic> warnings) {

        static Put of(PolicyVersions.Put put) {
            PolicyVersion version = put.version();
            return new Put(
                    version.number(), version.hash(), version.name(), word(version.mode()), version.author(), version.createdAt(),
                    version.comment(), put.created(), put.checked().warnings());
        }
    }

    /** A switch. */
    record Switch(long seq, long version, String kind, Author actor, Instant at, String comment) {

        static Switch of(Activation activation) {
            return new Switch(
                    activation.seq(), activation.version(), activation.kind().name().toLowerCase(Locale.ROOT), activation.actor(),
                    activation.at(), activation.comment());
        }
    }

    /**
     * What decides.
     *
     * @param origin {@code database} or {@code directory}
     * @param file the name of the file that it came from, or null
     * @param version null for one that came from a file, and so are author, time, comment and activation
     */
    record Active(
            String origin, String file, Long version, String hash, String name, String mode, Author author, Instant createdAt,
            String comment, Switch activation) {

        static Active of(ActivePolicy active) {
            PolicyVersion version = active.version();
            return new Active(
                    "database", null, version.number(), version.hash(), version.name(), word(version.mode()), version.author(),
                    version.createdAt(), version.comment(), Switch.of(active.activation()));
        }

        static Active of(Policy policy, String file) {
            return new Active(
                    "directory", file, null, policy.hash(), policy.name(), word(policy.mode()), null, null, null, null);
        }
    }

    private static String word(PolicyMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
