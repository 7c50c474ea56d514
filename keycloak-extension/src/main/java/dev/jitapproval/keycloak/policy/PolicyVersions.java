package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.approval.Collisions;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.LoadedPolicy;
import dev.jitapproval.keycloak.policy.Activation.Kind;
import dev.jitapproval.keycloak.policy.PolicyConflictException.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The one door to the policies in the database: puts versions and switches between them. Both are appended and never changed.
 *
 * <p>Each change is a transaction of its own, committed when the method returns, and whoever loses a race for a number tries again from
 * the start: nobody's version or switch gets lost, and no number is used twice. What is active is what the last activation says.
 */
public final class PolicyVersions {

    private final PolicyHistory.Transactions database;
    private final Engine engine;
    private final Optional<Path> directory;
    private final Consumer<String> switched;
    private final Clock clock;

    /**
     * @param directory the directory that is the only source of policies, if there is one; every change is refused then
     * @param switched is told the realm's id once a switch is committed
     */
    public PolicyVersions(
            PolicyHistory.Transactions database, Engine engine, Optional<Path> directory, Consumer<String> switched, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.directory = directory;
        this.switched = switched;
        this.clock = clock;
    }

    /**
     * What became of a policy that was put.
     *
     * @param version its version
     * @param created false where the newest version has the same bytes, so that there is nothing new
     * @param checked what the engine says of it
     */
    public record Put(PolicyVersion version, boolean created, LoadedPolicy checked) {}

    /**
     * What became of a switch.
     *
     * @param active what decides from here on
     * @param changed false where the version was active already, so that there is nothing new
     */
    public record Switched(ActivePolicy active, boolean changed) {}

    /**
     * Checks a policy and stores nothing.
     *
     * @throws dev.jitapproval.keycloak.engine.PolicyInvalidException if it has errors
     */
    public LoadedPolicy validate(String source) {
        return engine.validate(source, "policy.yaml");
    }

    /**
     * Stores a policy as the realm's next version. It decides nothing until it is activated.
     *
     * @param comment or null
     * @throws dev.jitapproval.keycloak.engine.PolicyInvalidException if it has errors; nothing is stored
     * @throws PolicyConflictException if files are the source
     */
    public Put put(String realmId, String source, Author author, String comment) {
        requireDatabase();
        LoadedPolicy checked = validate(source);
        return Collisions.retry(() -> database.run(history -> {
            Optional<PolicyVersion> newest = history.newest(realmId);
            if (newest.isPresent() && newest.get().hash().equals(checked.hash())) {
                return new Put(newest.get(), false, checked);
            }
            PolicyVersion version = new PolicyVersion(
                    newest.map(PolicyVersion::number).orElse(0L) + 1, checked.hash(), checked.name(), checked.mode(), author, now(),
                    comment);
            history.append(realmId, version, source);
            return new Put(version, true, checked);
        }));
    }

    /**
     * Makes a version the active one.
     *
     * @param comment or null
     * @param precondition throws where what is active now is not what the caller knows; runs in the transaction, for every try
     * @throws NoSuchElementException if the realm has no such version
     * @throws dev.jitapproval.keycloak.engine.PolicyInvalidException if this server's engine does not accept it (any more)
     * @throws PolicyConflictException if files are the source
     */
    public Switched activate(
            String realmId, long number, Author actor, String comment, Consumer<Optional<ActivePolicy>> precondition) {
        return change(realmId, history -> {
            Optional<ActivePolicy> active = history.active(realmId);
            precondition.accept(active);
            PolicyVersion version = history.version(realmId, number)
                    .orElseThrow(() -> new NoSuchElementException("the realm has no policy version " + number));
            if (active.isPresent() && active.get().version().number() == number) {
                return new Switched(active.get(), false);
            }
            return append(history, realmId, active, version, seq -> new Activation(seq, number, Kind.ACTIVATE, actor, now(), comment));
        });
    }

    /**
     * Goes back to the version that was active before; see {@link Rollback} for what that is when it is done again.
     *
     * @param comment or null
     * @param precondition as for {@link #activate}
     * @throws dev.jitapproval.keycloak.engine.PolicyInvalidException if this server's engine does not accept that version any more
     * @throws PolicyConflictException if there was none before, or files are the source
     */
    public Switched rollback(String realmId, Author actor, String comment, Consumer<Optional<ActivePolicy>> precondition) {
        return change(realmId, history -> {
            Optional<ActivePolicy> active = history.active(realmId);
            precondition.accept(active);
            long number = Rollback.target(history.switches(realmId))
                    .orElseThrow(() -> new PolicyConflictException(Reason.NOTHING_TO_ROLL_BACK, active.isEmpty()
                            ? "No version has ever been active in this realm, so there is nothing to go back to."
                            : "No version was active before version " + active.get().version().number()
                                    + ", so there is nothing to go back to."));
            PolicyVersion version = history.version(realmId, number).orElseThrow();
            return append(history, realmId, active, version, seq -> new Activation(seq, number, Kind.ROLLBACK, actor, now(), comment));
        });
    }

    /** The version that {@link #rollback} would go back to now. */
    public Optional<PolicyVersion> rollbackTarget(String realmId) {
        return database.run(history -> {
            OptionalLong number = Rollback.target(history.switches(realmId));
            return number.isEmpty() ? Optional.empty() : history.version(realmId, number.getAsLong());
        });
    }

    /** The version with this number. */
    public Optional<PolicyVersion> version(String realmId, long number) {
        return database.run(history -> history.version(realmId, number));
    }

    /** Versions with smaller numbers than {@code below}, the newest first. */
    public List<PolicyVersion> versions(String realmId, long below, int max) {
        return database.run(history -> history.versions(realmId, below, max));
    }

    /** What decides according to the database. */
    public Optional<ActivePolicy> active(String realmId) {
        return database.run(history -> history.active(realmId));
    }

    /** Activations with smaller numbers than {@code below}, the latest first. */
    public List<Activation> activations(String realmId, long below, int max) {
        return database.run(history -> history.activations(realmId, below, max));
    }

    /** The YAML text of a version. */
    public String source(PolicyVersion version) {
        return database.run(history -> history.source(version.hash())).orElseThrow();
    }

    private Switched change(String realmId, Function<PolicyHistory, Switched> work) {
        requireDatabase();
        Switched done = Collisions.retry(() -> database.run(work));
        if (done.changed()) {
            switched.accept(realmId);
        }
        return done;
    }

    private Switched append(
            PolicyHistory history, String realmId, Optional<ActivePolicy> before, PolicyVersion version, LongFunction<Activation> next) {
        // Checked again, because the engine may be newer than the version: what does not load would leave nodes behind.
        engine.validate(history.source(version.hash()).orElseThrow(), "version " + version.number());
        Activation activation = next.apply(before.map(ActivePolicy::activation).map(Activation::seq).orElse(0L) + 1);
        history.append(realmId, activation);
        return new Switched(new ActivePolicy(activation, version), true);
    }

    private void requireDatabase() {
        directory.ifPresent(path -> {
            throw new PolicyConflictException(Reason.POLICIES_FROM_FILES, "The files in " + path + " are the only source of policies of this server (option"
                    + " policies-dir), so nothing is stored here. Change the file of this realm, or start the server without that option.");
        });
    }

    /** As the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
