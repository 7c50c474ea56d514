package dev.jitapproval.keycloak.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.context.Instants;
import java.util.List;

/**
 * What the waiting page's script is told. The page itself is the authority: for every state but {@code waiting} and
 * {@code session-lost} the script only asks the server for the page again.
 *
 * @param state as {@link PageState#attribute()}
 * @param stages in the order of the page; empty unless the state is {@code waiting}
 * @param version grows with everything that happens to the request; null unless the state is {@code waiting}
 * @param deadline when the current stage's time is up, RFC 3339, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Status(String state, List<StageLine> stages, Long version, String deadline) {

    /** The state alone. */
    public static Status of(PageState state) {
        return new Status(state.attribute(), List.of(), null, null);
    }

    /** A request that is still pending. */
    public static Status waiting(ApprovalRequest request, Messages messages) {
        return new Status(
                PageState.WAITING.attribute(),
                StageLine.of(request, messages),
                request.seq(),
                request.deadline() == null ? null : Instants.of(request.deadline()));
    }
}
