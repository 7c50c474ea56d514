package dev.jitapproval.keycloak.policy;

import java.time.Instant;

/**
 * A switch of a realm to one of its versions.
 *
 * @param seq from 1, without gaps; the last one holds
 * @param version the number of the version that decides from here on
 * @param kind what was asked for
 * @param actor who asked
 * @param at when
 * @param comment what they said about it, or null
 */
public record Activation(long seq, long version, Kind kind, Author actor, Instant at, String comment) {

    /** What an admin asked for. */
    public enum Kind {
        /** This version. */
        ACTIVATE,
        /** Whatever was active before. */
        ROLLBACK
    }
}
