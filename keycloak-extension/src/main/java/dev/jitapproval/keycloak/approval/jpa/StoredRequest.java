package dev.jitapproval.keycloak.approval.jpa;

import dev.jitapproval.keycloak.approval.ApprovalRequest;

/**
 * A request as it was read.
 *
 * @param request what everybody may see of it
 * @param pinned the document that the fold begins with, as it was first handed to the engine
 */
public record StoredRequest(ApprovalRequest request, String pinned) {}
