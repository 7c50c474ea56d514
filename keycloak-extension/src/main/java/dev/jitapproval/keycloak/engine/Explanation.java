package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Why a decision came out as it did.
 *
 * @param decision what this engine decides on the same facts; a null node where facts were taken out of what was kept
 * @param rules each rule for the action, with its clauses, see docs/wire-format.md
 */
public record Explanation(JsonNode decision, JsonNode rules) {}
