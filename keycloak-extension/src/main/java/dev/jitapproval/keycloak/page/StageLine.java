package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.Selector;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One stage of a chain as the requester reads it.
 *
 * @param id the stage's id
 * @param state {@code done}, {@code current}, {@code waiting} or {@code timed_out}
 * @param label who is asked, without names of people
 * @param text how far it is; people are named only if the chain has {@code show_approvers}
 */
public record StageLine(String id, String state, String label, String text) {

    /** The stages of a request in their order; one that stands by and was not entered is left out. */
    public static List<StageLine> of(ApprovalRequest request, Messages messages) {
        Chain chain = request.chain();
        return request.progress().stream()
                .filter(progress -> progress.state() != StageState.STANDBY)
                .map(progress -> new StageLine(
                        progress.id(),
                        progress.state().name().toLowerCase(Locale.ROOT),
                        chain.stage(progress.id()).map(stage -> label(stage, messages)).orElse(progress.id()),
                        text(progress, chain.showApprovers(), messages)))
                .toList();
    }

    /** For templates, which read maps. */
    public Map<String, String> toModel() {
        return Map.of("id", id, "state", state, "label", label, "text", text);
    }

    private static String label(Stage stage, Messages messages) {
        String key = "jitStage." + stage.name();
        String own = messages.get(key);
        if (!own.equals(key)) {
            return own;
        }
        if (stage.approvers().size() == 1 && stage.approvers().get(0) instanceof Selector.Attribute attribute) {
            return messages.get("jitStageAttribute", words(attribute.attribute()));
        }
        String words = words(stage.name());
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String words(String name) {
        return name.replaceAll("[-_.]+", " ").trim();
    }

    private static String text(StageProgress progress, boolean named, Messages messages) {
        String given = Integer.toString(progress.approvals());
        Integer needed = progress.needed();
        return switch (progress.state()) {
            case DONE -> named && !progress.approvedBy().isEmpty()
                    ? messages.get("jitStageDoneBy", String.join(", ", progress.approvedBy()))
                    : messages.get("jitStageDone");
            case TIMED_OUT -> messages.get("jitStageTimedOut");
            case CURRENT -> {
                if (needed == null) {
                    yield messages.get("jitStageNeedsAll", given);
                }
                yield needed == 1 ? messages.get("jitStageNeedsOne") : messages.get("jitStageNeedsMany", given, needed.toString());
            }
            case WAITING, STANDBY -> {
                if (needed == null) {
                    yield messages.get("jitStageLaterAll");
                }
                yield needed == 1 ? messages.get("jitStageLaterOne") : messages.get("jitStageLaterMany", needed.toString());
            }
        };
    }
}
