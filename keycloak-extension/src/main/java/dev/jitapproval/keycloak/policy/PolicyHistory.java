package dev.jitapproval.keycloak.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The versions and activations of realms, within one transaction. Whoever appends may collide with somebody who appends the same
 * number at the same time; the transaction is of no use then, and the caller begins another.
 */
public interface PolicyHistory {

    /** Runs work in a transaction of its own, which is committed when this returns and rolled back when it throws. */
    interface Transactions {
        <T> T run(Function<PolicyHistory, T> work);
    }

    /** The version that was put last. */
    Optional<PolicyVersion> newest(String realmId);

    /** The version with this number. */
    Optional<PolicyVersion> version(String realmId, long number);

    /** Versions with smaller numbers than {@code below}, the newest first. */
    List<PolicyVersion> versions(String realmId, long below, int max);

    /** The YAML text of a version of any realm. */
    Optional<String> source(String hash);

    /** The realm's last activation, with its version. */
    Optional<ActivePolicy> active(String realmId);

    /** Activations with smaller numbers than {@code below}, the latest first. */
    List<Activation> activations(String realmId, long below, int max);

    /** Every switch of the realm, oldest first. */
    List<Rollback.Switch> switches(String realmId);

    /** The number of the last activation of every realm that has one, by the realm's id. */
    Map<String, Long> lastActivations();

    /** Appends a version, and keeps the source. */
    void append(String realmId, PolicyVersion version, String source);

    /** Appends an activation. */
    void append(String realmId, Activation activation);
}
