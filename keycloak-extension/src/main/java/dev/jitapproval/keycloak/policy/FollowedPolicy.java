package dev.jitapproval.keycloak.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far this node has followed the activations of one realm. Immutable: a change makes a new one.
 *
 * @param policy the policy that decides here, or null
 * @param version its version, or 0
 * @param activeSince when it became active here, or null
 * @param seen the number of the last activation that this node is done with, or 0
 * @param error why the last activation did not take effect here, or null
 */
record FollowedPolicy(Policy policy, long version, Instant activeSince, long seen, String error) {

    static final FollowedPolicy NONE = new FollowedPolicy(null, 0, null, 0, null);

    FollowedPolicy activate(Policy next, ActivePolicy wanted, Instant now) {
        return new FollowedPolicy(next, wanted.version().number(), now, wanted.activation().seq(), null);
    }

    /** The policy stays as it is. */
    FollowedPolicy reject(long nowSeen, String why) {
        return new FollowedPolicy(policy, version, activeSince, nowSeen, why);
    }

    /** @param trouble why the database cannot be read, or null */
    PolicyStatus status(String trouble) {
        String errors = Stream.of(Optional.ofNullable(error), Optional.ofNullable(trouble))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        return new PolicyStatus(
                PolicyStatus.Source.DATABASE,
                Optional.ofNullable(policy),
                Optional.empty(),
                policy == null ? Optional.empty() : Optional.of(version),
                Optional.ofNullable(activeSince),
                errors.isEmpty() ? Optional.empty() : Optional.of(errors));
    }
}
