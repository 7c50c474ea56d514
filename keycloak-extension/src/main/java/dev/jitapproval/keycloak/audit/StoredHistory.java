package dev.jitapproval.keycloak.audit;

import java.util.List;

/**
 * A request exactly as the database has it. Nothing of it is interpreted: it is to be proven, and may have been tampered with.
 *
 * @param id the request's id
 * @param status the word in the column
 * @param seq what the request says is the number of its last event
 * @param head what the request says is the hash of its last event
 * @param pinned the pinned document
 * @param facts what approvers were shown
 * @param reason the policy's sentence, or null
 * @param justification the requester's words, or null
 * @param events the events by their numbers
 */
public record StoredHistory(
        String id,
        String status,
        long seq,
        String head,
        String pinned,
        String facts,
        String reason,
        String justification,
        List<String> events) {}
