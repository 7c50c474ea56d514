/**
 * Tells people by mail that they are asked, and what came of it, through the outbox: an effect of the engine becomes one message for each
 * recipient, and each of those is a mail. A mail links to a review; it never decides anything.
 */
package dev.jitapproval.keycloak.notify;
