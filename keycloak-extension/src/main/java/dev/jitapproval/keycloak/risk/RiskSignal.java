package dev.jitapproval.keycloak.risk;

import org.keycloak.provider.Provider;

/**
 * Finds signs of risk in an attempt. It sees nothing else: no session of Keycloak's, for it may run on another thread, and is interrupted there
 * when its time is up.
 */
public interface RiskSignal extends Provider {

    /**
     * Looks at an attempt.
     *
     * @param attempt what is known of the step
     * @param findings takes what was found; thrown away if this throws or is late
     */
    void assess(Attempt attempt, Findings findings);

    @Override
    default void close() {}
}
