package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.observe.Health.Check;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The option {@code unready}: which checks, when they fail, make this node say that it is not ready. */
final class UnreadyOption {

    private static final String NAME = "unready";
    private static final String LABELS = Arrays.stream(Check.values()).map(Check::label).collect(Collectors.joining(", "));

    static final List<ProviderConfigProperty> METADATA = ProviderConfigurationBuilder.create()
            .property()
            .name(NAME)
            .type(ProviderConfigProperty.STRING_TYPE)
            .helpText("Checks that take this node out of service when they fail, separated by commas, out of: " + LABELS
                    + ". The others are only told in /health/ready.")
            .defaultValue("")
            .add()
            .build();

    private static volatile Set<Check> checks = Set.of();

    private UnreadyOption() {}

    /**
     * Reads the option.
     *
     * @throws IllegalArgumentException if it names a check that there is not
     */
    static void read(Config.Scope scope) {
        Set<Check> named = EnumSet.noneOf(Check.class);
        for (String word : scope.get(NAME, "").split(",")) {
            if (!word.isBlank()) {
                named.add(check(word.strip()));
            }
        }
        checks = Set.copyOf(named);
    }

    static boolean contains(Check check) {
        return checks.contains(check);
    }

    private static Check check(String label) {
        return Arrays.stream(Check.values()).filter(check -> check.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("spi-jit-approval-listener--observe--" + NAME + " names `" + label
                        + "`; the checks are: " + LABELS));
    }
}
