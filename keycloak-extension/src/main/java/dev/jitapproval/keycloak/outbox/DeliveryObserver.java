package dev.jitapproval.keycloak.outbox;

/** Told what came of each attempt, after it was noted. */
@FunctionalInterface
interface DeliveryObserver {

    /** @param state where the message stands now; {@code PENDING} where it is tried again */
    void delivered(OutboxMessage message, OutboxState state);
}
