package dev.jitapproval.keycloak.outbox;

import java.time.Duration;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The start-up options {@code --spi-jit-outbox--database--<option>}.
 *
 * @param maxAttempts {@code max-attempts}: how often a message is tried before it is dead
 * @param maxWait {@code max-wait}: the longest wait between two attempts
 * @param keepDone {@code keep-done}: how long what was delivered is kept
 */
record OutboxOptions(int maxAttempts, Duration maxWait, Duration keepDone) {

    private static final String MAX_ATTEMPTS = "max-attempts";
    private static final String MAX_WAIT = "max-wait";
    private static final String KEEP_DONE = "keep-done";

    private static final int DEFAULT_ATTEMPTS = 20;
    private static final int DEFAULT_WAIT_SECONDS = 900;
    private static final int DEFAULT_KEEP_DAYS = 7;
    /** So many waits of 15 minutes are more than a week. */
    private static final int MOST_ATTEMPTS = 1_000;
    private static final int LONGEST_WAIT_SECONDS = 86_400;
    private static final int MOST_KEEP_DAYS = 3_650;

    static final List<ProviderConfigProperty> METADATA = ProviderConfigurationBuilder.create()
            .property()
            .name(MAX_ATTEMPTS)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How often a mail or another side effect is tried before it is dead and waits for an admin.")
            .defaultValue(DEFAULT_ATTEMPTS)
            .add()
            .property()
            .name(MAX_WAIT)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("The longest wait between two attempts, in seconds. The first wait is 2 s, and each is twice the one before.")
            .defaultValue(DEFAULT_WAIT_SECONDS)
            .add()
            .property()
            .name(KEEP_DONE)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How many days the outbox shows what was delivered, or had not to be.")
            .defaultValue(DEFAULT_KEEP_DAYS)
            .add()
            .build();

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if one is no use, in words for whoever starts the server
     */
    static OutboxOptions read(Config.Scope scope) {
        return new OutboxOptions(
                number(scope, MAX_ATTEMPTS, DEFAULT_ATTEMPTS, MOST_ATTEMPTS),
                Duration.ofSeconds(number(scope, MAX_WAIT, DEFAULT_WAIT_SECONDS, LONGEST_WAIT_SECONDS)),
                Duration.ofDays(number(scope, KEEP_DONE, DEFAULT_KEEP_DAYS, MOST_KEEP_DAYS)));
    }

    private static int number(Config.Scope scope, String name, int byDefault, int most) {
        String written = scope.get(name, Integer.toString(byDefault)).strip();
        try {
            int value = Integer.parseInt(written);
            if (value > 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what would be right.
        }
        throw new IllegalArgumentException("spi-jit-outbox--database--" + name + " is `" + written
                + "`; it must be a whole number from 1 to " + most + ", such as " + byDefault);
    }
}
