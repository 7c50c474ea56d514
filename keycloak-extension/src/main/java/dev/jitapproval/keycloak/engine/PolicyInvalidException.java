package dev.jitapproval.keycloak.engine;

import java.util.List;

/** A policy's source has errors. */
public final class PolicyInvalidException extends RuntimeException {

    private final transient List<Diagnostic> diagnostics;

    PolicyInvalidException(String message, List<Diagnostic> diagnostics) {
        super(message);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /** Every error and warning, in the order of the source. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
