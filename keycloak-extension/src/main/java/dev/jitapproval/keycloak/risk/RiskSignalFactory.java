package dev.jitapproval.keycloak.risk;

import java.util.Set;
import org.keycloak.provider.ProviderFactory;

/** Makes a {@link RiskSignal}. Its id is a label of metrics. */
public interface RiskSignalFactory extends ProviderFactory<RiskSignal> {

    /** The path of what signals of other makers raise: {@code risk.signals}. */
    String SIGNALS = "risk.signals";

    /** The paths of the context that the signal may fill; it is asked only where the policy reads one of them. */
    default Set<String> fields() {
        return Set.of(SIGNALS);
    }

    /**
     * Whether the signal only computes from the attempt, in microseconds. Others, which may ask a service, run on a thread of their own with
     * little time.
     */
    default boolean computesOnly() {
        return false;
    }
}
