package dev.jitapproval.keycloak.audit;

/**
 * Where the chain of a request ends.
 *
 * @param request the request's id
 * @param seq the number of its last event
 * @param head {@code sha256:…} of that event
 */
public record Head(String request, long seq, String head) {}
