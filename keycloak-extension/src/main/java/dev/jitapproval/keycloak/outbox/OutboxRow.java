package dev.jitapproval.keycloak.outbox;

import java.time.Instant;

/**
 * A message as it stood when it was read.
 *
 * @param id opaque
 * @param message what is to be delivered; its payload is {@code ""} once it has been
 * @param state where it stands
 * @param attempts how often a delivery was begun
 * @param nextAttemptAt when it is tried next, where it is pending
 * @param claimedUntil until when somebody is delivering it, or null
 * @param lastError why the last attempt failed or was no use, or null
 * @param createdAt when its cause was committed
 * @param updatedAt when it last changed
 */
public record OutboxRow(
        String id,
        OutboxMessage message,
        OutboxState state,
        int attempts,
        Instant nextAttemptAt,
        Instant claimedUntil,
        String lastError,
        Instant createdAt,
        Instant updatedAt) {}
