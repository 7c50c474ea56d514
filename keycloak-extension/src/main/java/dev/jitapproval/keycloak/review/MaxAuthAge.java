package dev.jitapproval.keycloak.review;

import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RequiredActionConfigModel;

/**
 * How old a sign-in may be that an approver decides with. Any age by default: a link in a mail then leads straight to the
 * review. A stage that wants more says so ({@code require: acr}), and a realm can set the action's
 * {@value Constants#MAX_AUTH_AGE_KEY}.
 */
public final class MaxAuthAge {

    /**
     * Ten years in seconds. Keycloak adds this to the time of the sign-in, as an {@code int}. Less than the time since 1970, for the
     * session of an admin who impersonates somebody has no time of a sign-in, counts as that old, and must decide nothing.
     */
    static final int ANY = 315_360_000;

    private MaxAuthAge() {}

    /** The age in seconds that the realm allows for an action of the approvers. */
    public static int of(KeycloakSession session, String action) {
        if (session == null) {
            return 0;
        }
        RequiredActionConfigModel config = session.getContext().getRealm().getRequiredActionConfigByAlias(action);
        if (config == null || !config.containsConfigKey(Constants.MAX_AUTH_AGE_KEY)) {
            return ANY;
        }
        try {
            int seconds = RequiredActionFactory.parseMaxAuthAge(config);
            return seconds < 0 ? 0 : Math.min(seconds, ANY);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
