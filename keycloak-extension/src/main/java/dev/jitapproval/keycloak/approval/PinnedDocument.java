package dev.jitapproval.keycloak.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.GrantTerms;

/**
 * What a request was opened with, as the engine wrote it; see docs/wire-format.md.
 *
 * @param requester who asks, or {@link Requester#ERASED}
 * @param chain with the names of people where they belong, or {@link dev.jitapproval.keycloak.engine.Selector.Named} where they were erased
 * @param grant for how long the approval stays good, or null where it is good once
 */
public record PinnedDocument(Requester requester, Chain chain, GrantTerms grant) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Reads the stored document.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static PinnedDocument of(String json) {
        try {
            JsonNode pinned = MAPPER.readTree(json);
            JsonNode personal = pinned.path("personal");
            Requester requester = personal.isMissingNode()
                    ? Requester.ERASED
                    : MAPPER.treeToValue(personal.required("requester"), Requester.class);
            GrantTerms grant = pinned.has("grant") ? MAPPER.treeToValue(pinned.get("grant"), GrantTerms.class) : null;
            return new PinnedDocument(
                    requester, Chain.of(named(pinned.required("chain"), personal.path("selectors"))), grant);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a pinned document cannot be read: " + e.getMessage(), e);
        }
    }

    /** Puts the selectors that name people back where they were taken out. */
    private static JsonNode named(JsonNode chain, JsonNode selectors) {
        for (JsonNode stage : chain.required("stages")) {
            ArrayNode approvers = (ArrayNode) stage.required("approvers");
            for (int i = 0; i < approvers.size(); i++) {
                JsonNode selector = selectors.path(approvers.get(i).path("named").asInt(-1));
                if (!selector.isMissingNode()) {
                    approvers.set(i, selector);
                }
            }
        }
        return chain;
    }
}
