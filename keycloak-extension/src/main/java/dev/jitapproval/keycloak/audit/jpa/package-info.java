/** The tables of checkpoints, and what the audit reads and removes of requests. */
package dev.jitapproval.keycloak.audit.jpa;
