package dev.jitapproval.keycloak.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one realm's policy. Immutable: a change makes a new one.
 *
 * @param active the policy that decides, or null
 * @param fileName the file that it came from, or null
 * @param activeSince when it became active here, or null
 * @param error why what is in the directory now is not active, or null
 * @param seen the stamp of the file that was read last, or null
 */
record RealmPolicy(Policy active, String fileName, Instant activeSince, String error, PolicyFile.Stamp seen) {

    static final RealmPolicy NONE = new RealmPolicy(null, null, null, null, null);

    RealmPolicy activate(Policy policy, PolicyFile file, Instant now) {
        return new RealmPolicy(policy, file.fileName(), now, null, file.stamp());
    }

    /** The file says again what is active: an error before it is over. */
    RealmPolicy confirm(PolicyFile file) {
        return new RealmPolicy(active, file.fileName(), activeSince, null, file.stamp());
    }

    /** The file was read and is no good; whatever is active stays so. */
    RealmPolicy reject(String why, PolicyFile.Stamp stamp) {
        return new RealmPolicy(active, fileName, activeSince, why, stamp);
    }

    PolicyStatus status() {
        return new PolicyStatus(
                PolicyStatus.Source.DIRECTORY,
                Optional.ofNullable(active),
                Optional.ofNullable(fileName),
                Optional.empty(),
                Optional.ofNullable(activeSince),
                Optional.ofNullable(error));
    }
}
