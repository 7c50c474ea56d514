package dev.jitapproval.keycloak.risk;

/** What Keycloak's brute-force detection knows of the user; absent where it is off. */
public final class FailedLoginsSignal extends BuiltInSignal {

    /** Called by Keycloak. */
    public FailedLoginsSignal() {
        super("failed-logins", "risk.failed_logins", "risk.locked");
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        if (attempt.failures() != null) {
            findings.set("failed_logins", attempt.failures().count()).set("locked", attempt.failures().locked());
        }
    }
}
