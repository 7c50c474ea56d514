package dev.jitapproval.keycloak.decisionlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Decision.EvaluationError;
import dev.jitapproval.keycloak.engine.Decision.Obligations;
import dev.jitapproval.keycloak.engine.WireTime;
import java.util.List;

/**
 * A decision as JSON, for the log and its export.
 *
 * <p>The sentences that the engine wrote (the reason, the messages of errors) are left out: they may repeat what was taken out of the
 * context, and deciding again says them again.
 */
final class DecisionDocument {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private DecisionDocument() {}

    /** What is stored beside the context. */
    static String of(Decision decision) {
        ObjectNode written = JSON.createObjectNode();
        written.set("matched", JSON.valueToTree(decision.matched()));
        obligations(written, decision.obligations());
        errors(written, decision.errors());
        return written.toString();
    }

    static String paths(List<String> paths) {
        ArrayNode written = JSON.createArrayNode();
        paths.forEach(written::add);
        return written.toString();
    }

    /** One line of the export, version 1, without the line's end. */
    static String line(LoggedDecision kept, String realmName) {
        ObjectNode line = JSON.createObjectNode();
        line.put("v", 1);
        line.put("id", kept.id());
        line.put("at", WireTime.format(kept.at()));
        line.put("realm", realmName);
        line.put("action", kept.action());
        line.put("policy", kept.policyName());
        line.put("hash", kept.policyHash());
        line.put("effect", kept.effect());
        line.put("rule", kept.ruleId());
        line.setAll((ObjectNode) tree(kept.decision()));
        line.put("digest", kept.digest());
        line.put("request", kept.requestId());
        line.put("mode", kept.observed() ? "observe" : "enforce");
        line.put("sampled", kept.sampled());
        line.put("rate", kept.sampled() ? kept.rate() : 1.0);
        line.set("context", tree(kept.context()));
        line.set("redacted", tree(kept.redacted()));
        return line.toString();
    }

    /** What the engine explains a decision by, as a JSON object. */
    static String kept(LoggedDecision kept) {
        JsonNode decision = tree(kept.decision());
        ObjectNode written = JSON.createObjectNode();
        written.put("action", kept.action());
        written.set("context", tree(kept.context()));
        written.set("redacted", tree(kept.redacted()));
        written.set("matched", decision.path("matched").isArray() ? decision.get("matched") : JSON.createArrayNode());
        written.set("errors", decision.path("errors").isArray() ? decision.get("errors") : JSON.createArrayNode());
        return written.toString();
    }

    private static void obligations(ObjectNode decision, Obligations obligations) {
        ObjectNode written = JSON.createObjectNode();
        if (obligations.acr() != null) {
            written.put("acr", obligations.acr());
        }
        if (obligations.confirm()) {
            written.put("confirm", true);
        }
        if (obligations.approval() != null) {
            written.set("approval", tree(obligations.approval().json()));
        }
        if (obligations.grant() != null) {
            written.set("grant", JSON.valueToTree(obligations.grant()));
        }
        if (!written.isEmpty()) {
            decision.set("obligations", written);
        }
    }

    private static void errors(ObjectNode decision, List<EvaluationError> errors) {
        if (errors.isEmpty()) {
            return;
        }
        ArrayNode written = decision.putArray("errors");
        errors.forEach(error -> written.addObject()
                .put("rule", error.rule())
                .put("part", error.part())
                .put("outcome", error.outcome()));
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kept decision cannot be read: " + e.getMessage(), e);
        }
    }
}
