package dev.jitapproval.keycloak.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.RequestQuery;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.gate.ShownFacts;
import java.time.Instant;
import java.util.List;

/** Requests as the APIs answer them. The match code is never among it: it is for the requester's page alone. */
public final class RequestViews {

    private RequestViews() {}

    /**
     * Somebody.
     *
     * @param id Keycloak's user id
     */
    public record Person(String id, String username) {}

    /**
     * An application.
     *
     * @param clientId the OAuth {@code client_id} when the request was opened
     * @param name its name for people
     */
    public record Application(String clientId, String name) {}

    /**
     * What decided that approval is needed.
     *
     * @param hash {@code sha256:…} of the policy's source
     * @param rule the rule, or null for the policy's default
     */
    public record PolicyRef(String name, String hash, String rule) {}

    /**
     * A request in a list.
     *
     * @param version how many events it has; every change makes it larger
     * @param stage the current stage, or null
     * @param deadline when something is due next, or null
     */
    public record Item(
            String id, String status, long version, Person requester, Application client, String action, PolicyRef policy,
            String reason, String stage, Instant deadline, Instant openedAt, Instant updatedAt) {}

    /**
     * A request with everything that approvers are shown about it.
     *
     * @param digest of the facts; a vote names it
     * @param facts docs/request-facts.md, as they were when it was opened
     * @param chain as it was when it was opened
     * @param stages how far each stage is
     */
    public record Detail(
            String id, String status, long version, Person requester, Application client, String action, PolicyRef policy,
            String reason, String stage, Instant deadline, Instant openedAt, Instant updatedAt, String digest,
            @JsonRawValue String facts, String justification, @JsonRawValue String chain, List<StageProgress> stages) {}

    /**
     * JSON that is answered as it stands.
     *
     * @param json an object
     */
    public record Raw(@JsonValue @JsonRawValue String json) {}

    /** What a list of requests is sorted by. */
    public static List<Object> key(ApprovalRequest request) {
        return List.of(request.openedAt().toEpochMilli(), request.id());
    }

    /** Where a page of requests begins, or null for the first one. */
    public static RequestQuery.Position position(Paging paging) {
        return paging.after()
                .map(key -> new RequestQuery.Position(Instant.ofEpochMilli(paging.number(0)), key.get(1)))
                .orElse(null);
    }

    /** For a list. */
    public static Item item(ApprovalRequest request) {
        ShownFacts facts = ShownFacts.parse(request.facts());
        return new Item(
                request.id(), request.status().wireName(), request.seq(), requester(request), client(facts), facts.what().action(),
                policy(request), request.reason(), request.stageId(), request.deadline(), request.openedAt(), request.updatedAt());
    }

    /** For whoever may see all of it. */
    public static Detail detail(ApprovalRequest request) {
        ShownFacts facts = ShownFacts.parse(request.facts());
        return new Detail(
                request.id(), request.status().wireName(), request.seq(), requester(request), client(facts), facts.what().action(),
                policy(request), request.reason(), request.stageId(), request.deadline(), request.openedAt(), request.updatedAt(),
                request.digest(), request.facts(), request.justification(), request.chain().json(), request.progress());
    }

    private static Person requester(ApprovalRequest request) {
        return new Person(request.requester().id(), request.requester().username());
    }

    private static Application client(ShownFacts facts) {
        return new Application(facts.what().clientId(), facts.what().clientName());
    }

    private static PolicyRef policy(ApprovalRequest request) {
        return new PolicyRef(request.policyName(), request.policyHash(), request.ruleId());
    }
}
