/** Proof of what happened: the export of histories, signed checkpoints, erasure of what is personal, and retention. */
package dev.jitapproval.keycloak.audit;
