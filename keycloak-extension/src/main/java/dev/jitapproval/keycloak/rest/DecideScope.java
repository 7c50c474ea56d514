package dev.jitapproval.keycloak.rest;

/** The client scope with which an access token may be used to decide. */
public final class DecideScope {

    /** Its name, and the value in a token's {@code scope}. */
    public static final String NAME = "jit:decide";

    private DecideScope() {}
}
