package dev.jitapproval.keycloak.risk;

/** Whether the browser is one that this user has logged in with, and still the same. */
public final class KnownDeviceSignal extends BuiltInSignal {

    /** Called by Keycloak. */
    public KnownDeviceSignal() {
        super("known-device", "risk.known_device", "risk.user_agent_changed");
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        if (attempt.memory() != null) {
            findings.set("known_device", attempt.memory().device())
                    .set("user_agent_changed", attempt.memory().sameUserAgent().map(same -> !same));
        }
    }
}
