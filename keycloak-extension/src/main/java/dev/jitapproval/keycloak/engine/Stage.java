package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One step of a chain: a group of people of whom a quorum must approve.
 *
 * @param id {@code <chain>/<name>}, unique in the resolved chain
 * @param chain the chain that the stage was written in
 * @param name the stage's name in the policy
 * @param approvers who may vote; matching one selector is enough
 * @param quorum how many distinct people must approve, empty for everyone who is eligible
 * @param timeout how long the stage may take from the moment it is entered
 * @param escalateTo the stage that takes over when time is up, empty where the request expires
 * @param standby entered only by escalation
 * @param allowRepeat who approved another stage may approve this one too
 * @param notifyApprovers tell the approvers when the stage is entered
 * @param require what a vote must carry
 */
public record Stage(
        String id,
        String chain,
        String name,
        List<Selector> approvers,
        OptionalInt quorum,
        Duration timeout,
        Optional<String> escalateTo,
        boolean standby,
        boolean allowRepeat,
        boolean notifyApprovers,
        Requirements require) {

    /**
     * What a vote must carry to count.
     *
     * @param comment a comment that is not blank
     * @param matchCode the code that the requester's page shows
     * @param acr the authentication level that the approver must have reached, empty for any
     */
    public record Requirements(boolean comment, boolean matchCode, Optional<String> acr) {}

    static Stage of(JsonNode node) {
        List<Selector> approvers = new ArrayList<>();
        node.required("approvers").forEach(selector -> approvers.add(Selector.of(selector)));
        JsonNode quorum = node.required("quorum");
        JsonNode require = node.path("require");
        return new Stage(
                node.required("id").asText(),
                node.required("chain").asText(),
                node.required("name").asText(),
                List.copyOf(approvers),
                quorum.isInt() ? OptionalInt.of(quorum.intValue()) : OptionalInt.empty(),
                Duration.ofSeconds(node.required("timeout").asLong()),
                Optional.ofNullable(node.path("on_timeout").path("escalate").textValue()),
                node.path("standby").asBoolean(false),
                node.path("allow_repeat").asBoolean(false),
                node.path("notify").asBoolean(true),
                new Requirements(
                        require.path("comment").asBoolean(false),
                        require.path("match_code").asBoolean(false),
                        Optional.ofNullable(require.path("acr").textValue())));
    }
}
