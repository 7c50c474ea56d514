/** What somebody implements who wants to deliver rows of the outbox. */
package dev.jitapproval.keycloak.outbox.spi;
