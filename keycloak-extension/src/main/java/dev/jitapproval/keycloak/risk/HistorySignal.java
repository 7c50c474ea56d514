package dev.jitapproval.keycloak.risk;

/** When the user last logged in, whether the client is new to them, and when the password was reset. */
public final class HistorySignal extends BuiltInSignal {

    /** Called by Keycloak. */
    public HistorySignal() {
        super("history", "risk.last_login_at", "risk.new_client", "risk.password_reset_at");
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        if (attempt.memory() != null) {
            findings.at("last_login_at", attempt.memory().lastLogin())
                    .at("password_reset_at", attempt.memory().passwordReset())
                    .set("new_client", attempt.memory().client().map(known -> !known));
        }
    }
}
