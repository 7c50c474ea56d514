package dev.jitapproval.keycloak.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.jitapproval.keycloak.api.RequestViews;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import java.util.List;

/**
 * A request as somebody sees it whom it concerns.
 *
 * @param part {@code requester} or {@code approver}
 * @param mayDecide whether the reader may vote now
 * @param request for an approver: all that there is to see
 * @param own for the requester: nothing that would name the approvers, unless the policy shows them
 * @param stages for the requester: how far each stage is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PersonView(
        String part,
        boolean mayDecide,
        @JsonUnwrapped RequestViews.Detail request,
        @JsonUnwrapped RequestViews.Item own,
        String justification,
        List<StageProgress> stages) {

    static PersonView forApprover(ApprovalRequest request, boolean mayDecide) {
        return new PersonView("approver", mayDecide, RequestViews.detail(request), null, null, null);
    }

    static PersonView forRequester(ApprovalRequest request) {
        List<StageProgress> stages = request.progress().stream()
                .map(stage -> request.chain().showApprovers() ? stage
                        : new StageProgress(stage.id(), stage.state(), stage.approvals(), stage.needed(), List.of()))
                .toList();
        return new PersonView("requester", false, null, RequestViews.item(request), request.justification(), stages);
    }
}
