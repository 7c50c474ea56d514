package dev.jitapproval.keycloak.decisionlog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.Explanation;
import dev.jitapproval.keycloak.engine.WireTime;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/**
 * Why a step was held, for auditors: the engine's explanation of the decision that the request was opened by.
 *
 * @param request the request's id
 * @param action the action of the context schema
 * @param at when it was decided, RFC 3339
 * @param policy the policy that decided
 * @param effect the decision's effect in the wire format
 * @param rule the rule that decided, or null for the policy's default
 * @param redacted the paths that the policy does not want kept: clauses that read them are not explained
 * @param decision what this version of the engine decides on the same facts, or null where some were not kept
 * @param rules each rule for the action, with its clauses
 */
public record Explained(
        String request,
        String action,
        String at,
        PolicyName policy,
        String effect,
        String rule,
        JsonNode redacted,
        JsonNode decision,
        JsonNode rules) {

    /**
     * @param name the policy's name
     * @param hash {@code sha256:…} of its source
     */
    public record PolicyName(@JsonProperty("name") String name, @JsonProperty("hash") String hash) {}

    /**
     * Explains a request.
     *
     * @return nothing where the decision, or the policy's source, is not kept any more
     */
    public static Optional<Explained> of(KeycloakSession session, Engine engine, String realmId, ApprovalRequest request) {
        LogTransactions transactions = new DatabaseTransactions(session.getKeycloakSessionFactory());
        // The engine may take its time; no database connection waits for it.
        Optional<Found> found = transactions.run(work -> work.decisions()
                .openedBy(realmId, request.id(), request.policyHash(), request.digest())
                .flatMap(kept -> work.requests().policySource(kept.policyHash()).map(source -> new Found(kept, source))));
        return found.map(it -> it.explain(engine));
    }

    private record Found(LoggedDecision kept, String source) {

        Explained explain(Engine engine) {
            Explanation told = engine.explain(source, kept.policyName(), DecisionDocument.kept(kept));
            return new Explained(
                    kept.requestId(), kept.action(), WireTime.format(kept.at()),
                    new PolicyName(kept.policyName(), kept.policyHash()), kept.effect(), kept.ruleId(),
                    DecisionDocument.tree(kept.redacted()), told.decision(), told.rules());
        }
    }
}
