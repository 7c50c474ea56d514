package dev.jitapproval.keycloak.risk;

/** Whether this user has logged in from the address, or from its network. */
public final class KnownAddressSignal extends BuiltInSignal {

    /** Called by Keycloak. */
    public KnownAddressSignal() {
        super("known-address", "risk.known_ip", "risk.known_prefix");
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        if (attempt.memory() != null) {
            findings.set("known_ip", attempt.memory().ip()).set("known_prefix", attempt.memory().prefix());
        }
    }
}
