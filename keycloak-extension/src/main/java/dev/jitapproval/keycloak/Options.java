package dev.jitapproval.keycloak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** Reads the start-up options of {@link JitApprovalConfig} and describes them to Keycloak. */
final class Options {

    private static final String POLICIES_DIR = "policies-dir";
    private static final String ENGINE_TIMEOUT = "engine-timeout";
    private static final String POOL_SIZE = "pool-size";
    private static final String HOLD_MAX = "hold-max";
    private static final String ADMIN_BYPASS_USERS = "admin-bypass-users";

    private static final int DEFAULT_ENGINE_TIMEOUT_MILLIS = 250;
    private static final int DEFAULT_HOLD_MAX_SECONDS = 600;

    static final List<ProviderConfigProperty> METADATA = ProviderConfigurationBuilder.create()
            .property()
            .name(POLICIES_DIR)
            .type(ProviderConfigProperty.STRING_TYPE)
            .helpText("Directory with one policy file for each realm: <realm name>.yaml. A relative path begins at Keycloak's home. Files are"
                    + " the only source of policies then; without it, policies are in the database.")
            .add()
            .property()
            .name(ENGINE_TIMEOUT)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("The longest that one decision may take, in milliseconds. A decision that takes longer is a denial.")
            .defaultValue(DEFAULT_ENGINE_TIMEOUT_MILLIS)
            .add()
            .property()
            .name(POOL_SIZE)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How many decisions are made at the same time. The default is twice the number of processors, at least 4.")
            .add()
            .property()
            .name(HOLD_MAX)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How long a waiting page keeps the login alive, in seconds.")
            .defaultValue(DEFAULT_HOLD_MAX_SECONDS)
            .add()
            .property()
            .name(ADMIN_BYPASS_USERS)
            .type(ProviderConfigProperty.STRING_TYPE)
            .helpText("Names of users of the realm master, separated by commas, whom the checkpoint lets into its admin console unheld."
                    + " Every use is an event.")
            .add()
            .build();

    private Options() {}

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if one is no use, in words for whoever starts the server
     */
    static JitApprovalConfig read(Config.Scope scope) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new JitApprovalConfig(
                Optional.ofNullable(scope.get(POLICIES_DIR))
                        .filter(written -> !written.isBlank())
                        .map(written -> directory(written.strip())),
                Duration.ofMillis(positive(scope, ENGINE_TIMEOUT, DEFAULT_ENGINE_TIMEOUT_MILLIS)),
                positive(scope, POOL_SIZE, Math.max(4, 2 * processors)),
                Duration.ofSeconds(positive(scope, HOLD_MAX, DEFAULT_HOLD_MAX_SECONDS)),
                names(scope.get(ADMIN_BYPASS_USERS, "")));
    }

    private static Path directory(String written) {
        Path home = Path.of(System.getProperty("kc.home.dir", ""));
        return home.resolve(written).toAbsolutePath().normalize();
    }

    private static int positive(Config.Scope scope, String name, int byDefault) {
        String written = scope.get(name, Integer.toString(byDefault)).strip();
        try {
            int value = Integer.parseInt(written);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what would be right.
        }
        throw new IllegalArgumentException("spi-jit-approval--default--" + name + " is `" + written
                + "`; it must be a whole number above 0, such as " + byDefault);
    }

    private static Set<String> names(String written) {
        return Arrays.stream(written.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
