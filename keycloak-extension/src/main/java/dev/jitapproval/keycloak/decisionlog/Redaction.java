package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.engine.Redacted;

/** Takes out of a context what a policy does not want kept: the engine's operation. */
@FunctionalInterface
interface Redaction {

    /**
     * @param policyHash {@code sha256:…}
     * @param policySource the YAML text
     * @param context the JSON that the engine decided on
     */
    Redacted redact(String policyHash, String policySource, String context);
}
