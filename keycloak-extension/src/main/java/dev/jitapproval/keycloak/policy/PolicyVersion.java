package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.PolicyMode;
import java.time.Instant;

/**
 * A policy that was put into a realm's history.
 *
 * @param number from 1, without gaps
 * @param hash {@code sha256:…} of the source's bytes
 * @param name the name in the source
 * @param mode whether it is enforced or only observes
 * @param author who put it
 * @param createdAt when
 * @param comment what they said about it, or null
 */
public record PolicyVersion(
        long number, String hash, String name, PolicyMode mode, Author author, Instant createdAt, String comment) {}
