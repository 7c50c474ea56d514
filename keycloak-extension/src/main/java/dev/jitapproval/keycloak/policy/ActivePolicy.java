package dev.jitapproval.keycloak.policy;

/**
 * What decides for a realm according to the database.
 *
 * @param activation the realm's last one
 * @param version the version that it names
 */
public record ActivePolicy(Activation activation, PolicyVersion version) {}
