package dev.jitapproval.keycloak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The start-up options about what is kept, for how long, and how it is proven: {@code --spi-jit-approval--default--<option>}.
 *
 * @param decisionSample {@code decision-log-sample}: the share of allowed decisions that the decision log keeps where a policy does not
 *     say, from 0 to 1
 * @param requests {@code retention-requests}: how long ended requests are kept; empty for ever
 * @param decisions {@code retention-decisions}: how long the decision log is kept; empty for ever
 * @param sightings {@code retention-sightings}: how long a device, an address or a client that a user logged in with stays known
 * @param checkpointEvery {@code checkpoint-interval}: how often a realm's heads are signed where something has changed
 * @param checkpointDir {@code checkpoint-dir}: where signed checkpoints are appended to one file for each realm, or empty
 */
public record RecordKeeping(
        double decisionSample,
        Optional<Duration> requests,
        Optional<Duration> decisions,
        Duration sightings,
        Duration checkpointEvery,
        Optional<Path> checkpointDir) {

    private static final String DECISION_SAMPLE = "decision-log-sample";
    private static final String REQUESTS = "retention-requests";
    private static final String DECISIONS = "retention-decisions";
    private static final String SIGHTINGS = "retention-sightings";
    private static final String CHECKPOINT_EVERY = "checkpoint-interval";
    private static final String CHECKPOINT_DIR = "checkpoint-dir";

    private static final int DEFAULT_REQUEST_DAYS = 400;
    private static final int DEFAULT_DECISION_DAYS = 90;
    private static final int DEFAULT_SIGHTING_DAYS = 180;
    private static final int DEFAULT_CHECKPOINT_MINUTES = 60;
    /** A century: beyond it, arithmetic with instants has nothing to offer but accidents. */
    private static final int MOST_DAYS = 36_500;

    static final List<ProviderConfigProperty> METADATA = ProviderConfigurationBuilder.create()
            .property()
            .name(DECISION_SAMPLE)
            .type(ProviderConfigProperty.STRING_TYPE)
            .helpText("The share of allowed decisions that the decision log keeps, from 0 to 1, where a policy does not say."
                    + " Decisions that stopped a step are always kept.")
            .defaultValue("0")
            .add()
            .property()
            .name(REQUESTS)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How many days ended approval requests are kept. 0 keeps them for ever.")
            .defaultValue(DEFAULT_REQUEST_DAYS)
            .add()
            .property()
            .name(DECISIONS)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How many days the decision log is kept. 0 keeps it for ever.")
            .defaultValue(DEFAULT_DECISION_DAYS)
            .add()
            .property()
            .name(SIGHTINGS)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How many days a device, an address or a client that a user has logged in with stays known without being seen again.")
            .defaultValue(DEFAULT_SIGHTING_DAYS)
            .add()
            .property()
            .name(CHECKPOINT_EVERY)
            .type(ProviderConfigProperty.INTEGER_TYPE)
            .helpText("How often, in minutes, the heads of a realm's requests are signed, where something has changed.")
            .defaultValue(DEFAULT_CHECKPOINT_MINUTES)
            .add()
            .property()
            .name(CHECKPOINT_DIR)
            .type(ProviderConfigProperty.STRING_TYPE)
            .helpText("Directory on other storage where signed checkpoints are appended, one file for each realm."
                    + " Without it they go to the log category jit-approval.checkpoint.")
            .add()
            .build();

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if one is no use, in words for whoever starts the server
     */
    public static RecordKeeping read() {
        return read(Config.scope("jit-approval", "default"));
    }

    static RecordKeeping read(Config.Scope scope) {
        return new RecordKeeping(
                share(scope),
                days(scope, REQUESTS, DEFAULT_REQUEST_DAYS),
                days(scope, DECISIONS, DEFAULT_DECISION_DAYS),
                Duration.ofDays(whole(scope, SIGHTINGS, DEFAULT_SIGHTING_DAYS, 1, MOST_DAYS)),
                Duration.ofMinutes(whole(scope, CHECKPOINT_EVERY, DEFAULT_CHECKPOINT_MINUTES, 1, MOST_DAYS)),
                Optional.ofNullable(scope.get(CHECKPOINT_DIR))
                        .filter(written -> !written.isBlank())
                        .map(RecordKeeping::directory));
    }

    private static Path directory(String written) {
        return Path.of(System.getProperty("kc.home.dir", "")).resolve(written.strip()).toAbsolutePath().normalize();
    }

    private static double share(Config.Scope scope) {
        String written = scope.get(DECISION_SAMPLE, "0").strip();
        try {
            double share = Double.parseDouble(written);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what would be right.
        }
        throw wrong(DECISION_SAMPLE, written, "a number from 0 to 1, such as 0.01");
    }

    private static Optional<Duration> days(Config.Scope scope, String name, int byDefault) {
        int days = whole(scope, name, byDefault, 0, MOST_DAYS);
        return days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
    }

    private static int whole(Config.Scope scope, String name, int byDefault, int least, int most) {
        String written = scope.get(name, Integer.toString(byDefault)).strip();
        try {
            int value = Integer.parseInt(written);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what would be right.
        }
        throw wrong(name, written, "a whole number from " + least + " to " + most + ", such as " + byDefault);
    }

    private static IllegalArgumentException wrong(String name, String written, String right) {
        return new IllegalArgumentException(
                "spi-jit-approval--default--" + name + " is `" + written + "`; it must be " + right);
    }
}
