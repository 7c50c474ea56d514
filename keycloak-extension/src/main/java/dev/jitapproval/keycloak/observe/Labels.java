package dev.jitapproval.keycloak.observe;

import java.util.Set;

/**
 * The closed sets that metric labels are taken from. A label must never carry what a caller can choose freely: each new value is a
 * time series that the monitoring system keeps.
 */
final class Labels {

    /** Stands in for every value that is in no set. */
    static final String OTHER = "other";

    private static final Set<String> ACTIONS = Set.of(
            "login", "reauthenticate", "first-broker-login", "reset-credentials", "register", "update-profile", "update-email",
            "update-password", "configure-otp", "webauthn-register", "delete-credential", "delete-account", "link-idp",
            "direct-grant", "client-credentials", "token-refresh", "token-exchange", "jwt-grant", "device", "ciba", "post-broker-login",
            "admin-grant-role", "admin-join-group", "admin-impersonate", "admin-reset-credential", "admin-read-secret",
            "admin-change-realm", "activate-policy");

    private static final Set<String> EFFECTS = Set.of("allow", "deny", "confirm", "step_up", "require_approval", "error");

    private static final Set<String> OUTCOMES = Set.of("approved", "denied", "cancelled", "expired", "used", "revoked");

    private Labels() {}

    /** An action of the context schema; a custom one is {@code x-custom}. */
    static String action(String action) {
        if (action != null && action.startsWith("x-")) {
            return "x-custom";
        }
        return known(ACTIONS, action);
    }

    /** An effect of a decision, or {@code error} where there was none. */
    static String effect(String effect) {
        return known(EFFECTS, effect);
    }

    /** A status that a request can come to. */
    static String outcome(String status) {
        return known(OUTCOMES, status);
    }

    private static String known(Set<String> values, String value) {
        return value != null && values.contains(value) ? value : OTHER;
    }
}
