package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A resolved chain of approvers: what a decision hands out and what a request pins.
 *
 * @param json the chain as the engine wrote it; what is stored and handed back to it
 * @param stages in the order in which they are entered
 * @param justification the requester must say why before the wait begins
 * @param showApprovers the requester may see the approvers' names
 * @param useBy how long an approval may be used
 */
public record Chain(
        String json, List<Stage> stages, boolean justification, boolean showApprovers, Duration useBy) {

    public Chain {
        stages = List.copyOf(stages);
    }

    /** Reads the engine's JSON. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Chain of(JsonNode node) {
        List<Stage> stages = new ArrayList<>();
        for (JsonNode stage : node.required("stages")) {
            stages.add(Stage.of(stage));
        }
        return new Chain(
                node.toString(),
                stages,
                node.path("justification").asBoolean(false),
                node.path("show_approvers").asBoolean(false),
                Duration.ofSeconds(node.required("use_by").asLong()));
    }

    /** The stage with this id. */
    public Optional<Stage> stage(String id) {
        return stages.stream().filter(stage -> stage.id().equals(id)).findFirst();
    }
}
