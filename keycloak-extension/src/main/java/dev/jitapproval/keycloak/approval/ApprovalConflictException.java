package dev.jitapproval.keycloak.approval;

/** Others kept changing a request, so that a command could not be carried out. Nothing was recorded; trying again is safe. */
public final class ApprovalConflictException extends RuntimeException {

    ApprovalConflictException(String message, Throwable cause) {
        super(message, cause);
    }
}
