/**
 * Side effects that survive: each is a row in the transaction of its cause, and is delivered at least once after that.
 *
 * <p>{@link dev.jitapproval.keycloak.outbox.Outbox} takes them, a handler of the SPI {@code jit-outbox-handler} delivers those of its
 * kind, and one node at a time sends.
 */
package dev.jitapproval.keycloak.outbox;
