package dev.jitapproval.keycloak.policy;

/** What is asked for contradicts what there is: the message says why, for the admin who asked. */
public final class PolicyConflictException extends RuntimeException {

    PolicyConflictException(String message) {
        super(message);
    }
}
