package dev.jitapproval.keycloak.decisionlog;

import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

/**
 * Keeps decisions with the context that the engine got, to be decided again later: by an auditor who asks why, or by an engineer
 * who asks what another policy would have said.
 */
public interface DecisionLog extends Provider {

    /** The log of this server; one that keeps nothing where the server was started without any. */
    static DecisionLog of(KeycloakSession session) {
        DecisionLog log = session.getProvider(DecisionLog.class);
        return log != null ? log : decided -> {};
    }

    /**
     * Keeps a decision: always where it stopped the step, or where a rule in observe mode would have; a sample of the rest.
     *
     * <p>Never throws and never changes what happens to the step. What could not be kept is logged and counted.
     */
    void add(Decided decided);

    @Override
    default void close() {}
}
