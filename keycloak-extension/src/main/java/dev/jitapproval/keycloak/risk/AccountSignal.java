package dev.jitapproval.keycloak.risk;

import java.util.Optional;

/** How many sessions the user has, and how new their credentials are. */
public final class AccountSignal extends BuiltInSignal {

    /** Called by Keycloak. */
    public AccountSignal() {
        super("account", "risk.sessions", "risk.credential_changed_at");
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        if (attempt.sessions() != null) {
            findings.set("sessions", attempt.sessions());
        }
        findings.at("credential_changed_at", Optional.ofNullable(attempt.credentialChangedAt()));
    }
}
