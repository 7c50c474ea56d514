package dev.jitapproval.keycloak.engine;

/**
 * @param engine the engine's version
 * @param abi the version of the functions that the module exports
 * @param schema the version of the context
 */
public record EngineVersion(String engine, int abi, int schema) {}
