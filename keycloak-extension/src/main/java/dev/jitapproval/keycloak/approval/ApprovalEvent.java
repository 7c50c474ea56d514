package dev.jitapproval.keycloak.approval;

import java.time.Instant;

/**
 * One event of a request's history, as far as pages and logs need it.
 *
 * @param seq from 1
 * @param at when
 * @param kind {@code opened}, {@code approved}, {@code denied}, {@code cancelled}, {@code commented}, {@code timed_out},
 *     {@code escalated}, {@code used}, {@code revoked}
 * @param stage the stage's id, or null
 * @param actor who
 * @param comment what they wrote, or null
 * @param code why the system did it, or null
 * @param json the whole event, as the engine wrote it
 */
public record ApprovalEvent(
        long seq, Instant at, String kind, String stage, Actor actor, String comment, String code, String json) {}
