package dev.jitapproval.keycloak.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * The fold's answer to a command.
 *
 * @param append the events to store, as the engine wrote them; there may be some even when the command was rejected,
 *     because a deadline that was due fired first
 * @param status where the request stands afterwards
 * @param stage the id of the current stage, or null
 * @param deadline when something is due next, or null
 * @param grantUntil while it is approved or used: when its grant ends, or null where it has none
 * @param stages how far each stage is
 * @param effects what the host must do once the events are stored
 * @param head the hash of the last event, of those to store too
 * @param rejection why the command changed nothing, or null
 */
public record Advance(
        List<String> append,
        RequestStatus status,
        String stage,
        Instant deadline,
        Instant grantUntil,
        List<StageProgress> stages,
        List<SideEffect> effects,
        String head,
        Rejection rejection) {

    public Advance {
        append = List.copyOf(append);
        stages = stages == null ? List.of() : List.copyOf(stages);
        effects = effects == null ? List.of() : List.copyOf(effects);
        if (!append.isEmpty()) {
            requireNonNull(status, "status");
        }
    }

    /** How far a stage is. */
    public enum StageState {
        @JsonProperty("done")
        DONE,
        @JsonProperty("current")
        CURRENT,
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("timed_out")
        TIMED_OUT,
        @JsonProperty("standby")
        STANDBY
    }

    /**
     * @param id the stage's id
     * @param state how far it is
     * @param approvals how many distinct people have approved it
     * @param needed how many must, or null where it is everyone and not known yet
     * @param approvedBy their user names
     */
    public record StageProgress(
            String id, StageState state, int approvals, Integer needed, List<String> approvedBy) {

        public StageProgress {
            approvedBy = approvedBy == null ? List.of() : List.copyOf(approvedBy);
        }
    }

    /**
     * Something to do once the events are stored.
     *
     * @param kind {@code notify_stage} (tell the approvers of {@code stage}) or {@code notify_outcome} (tell the requester,
     *     and the approvers that it is done)
     * @param stage the stage's id, or null
     * @param status the outcome, or null
     */
    public record SideEffect(String kind, String stage, RequestStatus status) {

        /** Tell the approvers of {@link #stage()}. */
        public static final String NOTIFY_STAGE = "notify_stage";

        /** Tell the requester, and the approvers that it is done. */
        public static final String NOTIFY_OUTCOME = "notify_outcome";
    }

    /**
     * Why a command changed nothing.
     *
     * @param code stable, see docs/wire-format.md: {@code self_approval}, {@code not_eligible}, {@code conflict}, …
     * @param message a sentence for people
     */
    public record Rejection(String code, String message) {}
}
