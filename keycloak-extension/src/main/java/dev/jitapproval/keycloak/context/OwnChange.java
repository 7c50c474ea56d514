package dev.jitapproval.keycloak.context;

import java.util.Set;

/** The actions of the context schema by which people change their own accounts. Nobody gets in by one of them. */
public final class OwnChange {

    /** Their names. */
    public static final Set<String> ACTIONS = Set.of(
            "update-profile",
            "update-email",
            "update-password",
            "configure-otp",
            "webauthn-register",
            "delete-credential",
            "delete-account",
            "link-idp");

    private OwnChange() {}

    /** Whether an action is such a change. */
    public static boolean is(String action) {
        return ACTIONS.contains(action);
    }
}
