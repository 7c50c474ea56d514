package dev.jitapproval.keycloak.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * The state of a realm's policy on this node.
 *
 * @param source where policies come from
 * @param active the policy that decides, if there is one
 * @param file the file that it came from, by name
 * @param version its version in the database
 * @param activeSince when it became active on this node
 * @param lastError why the newest one is not active: what, where and what would be right
 */
public record PolicyStatus(
        Source source, Optional<Policy> active, Optional<String> file, Optional<Long> version, Optional<Instant> activeSince,
        Optional<String> lastError) {

    /** Where this server takes its policies from. */
    public enum Source {
        /** From Keycloak's database. */
        DATABASE,
        /** From files: the option {@code policies-dir}. */
        DIRECTORY
    }
}
