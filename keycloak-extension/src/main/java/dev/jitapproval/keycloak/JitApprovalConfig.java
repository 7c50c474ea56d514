package dev.jitapproval.keycloak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The extension's start-up options: {@code --spi-jit-approval--default--<option>}.
 *
 * @param policiesDir {@code policies-dir}: the directory with one policy file for each realm; empty where policies are in the database
 * @param engineTimeout {@code engine-timeout}: the longest that one decision may take
 * @param poolSize {@code pool-size}: how many decisions are made at the same time
 * @param holdMax {@code hold-max}: how long a waiting page keeps the authentication session alive
 * @param adminBypassUsers {@code admin-bypass-users}: names of users of the realm {@code master} whom the checkpoint lets into its
 *     admin console unheld; empty by default
 */
public record JitApprovalConfig(
        Optional<Path> policiesDir, Duration engineTimeout, int poolSize, Duration holdMax, Set<String> adminBypassUsers) {

    public JitApprovalConfig {
        adminBypassUsers = Set.copyOf(adminBypassUsers);
    }
}
