package dev.jitapproval.keycloak.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * The state of a realm's policy.
 *
 * @param active the policy that decides, if there is one
 * @param file the file that it came from, by name
 * @param activeSince when it became active on this node
 * @param lastError why the file as it is now is not active: what, where and what would be right
 */
public record PolicyStatus(
        Optional<Policy> active, Optional<String> file, Optional<Instant> activeSince, Optional<String> lastError) {}
