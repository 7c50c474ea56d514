package dev.jitapproval.keycloak.engine;

/**
 * A document that a request's hash chain begins with.
 *
 * @param pinned canonical JSON, to be stored byte for byte
 * @param head its hash: what the chain begins with
 */
public record PinnedText(String pinned, String head) {}
