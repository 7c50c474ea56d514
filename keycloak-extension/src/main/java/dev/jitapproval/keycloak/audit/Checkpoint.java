package dev.jitapproval.keycloak.audit;

import java.time.Instant;

/**
 * A signed statement of where all chains of a realm end; see docs/audit.md.
 *
 * @param realmId the realm's id
 * @param seq from 1, without gaps
 * @param at when it was made
 * @param requests how many heads it lists
 * @param hash {@code sha256:…} of the JWS, which the next checkpoint names
 * @param jws the signed statement, in compact form
 */
public record Checkpoint(String realmId, long seq, Instant at, long requests, String hash, String jws) {}
