package dev.jitapproval.keycloak.policy;

/** What is asked for contradicts what there is: the message says why, for the admin who asked. */
public final class PolicyConflictException extends RuntimeException {

    private final Reason reason;

    /** What stands in the way. */
    public enum Reason {
        /** Files are the only source of policies. */
        POLICIES_FROM_FILES,
        /** No other version was active before. */
        NOTHING_TO_ROLL_BACK
    }

    PolicyConflictException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What stands in the way. */
    public Reason reason() {
        return reason;
    }
}
