package dev.jitapproval.keycloak.registration;

import dev.jitapproval.keycloak.observe.Observations;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * An account that is disabled because its registration has not passed the checkpoint yet. Keycloak stores and enables an account as soon as
 * the registration form is filled in, so the checkpoint takes that back; and a mark tells such an account from one that an admin has
 * disabled, which no approval may enable.
 *
 * <p>The mark is a required action that no realm has: it is no attribute, so it neither reaches a policy or an approver among the facts, nor goes
 * when an admin saves the account's profile. Keycloak skips it at a login.
 */
public final class HeldAccount {

    /** The mark, among the account's required actions. */
    public static final String MARK = "jit-registration";

    private static final String ADMITTED = "registration_admitted";

    private HeldAccount() {}

    /** Whether the account waits for its registration to be approved. One that an admin has enabled meanwhile does not. */
    public static boolean is(UserModel user) {
        return user != null && !user.isEnabled() && user.getRequiredActionsStream().anyMatch(MARK::equals);
    }

    /** Disables an account that was registered just now. */
    public static void hold(UserModel user) {
        user.setEnabled(false);
        user.addRequiredAction(MARK);
    }

    /** Takes {@link #hold} back; nothing has happened then. */
    public static void release(UserModel user) {
        user.removeRequiredAction(MARK);
        user.setEnabled(true);
    }

    /** Enables an account that waited, and tells so in an event. */
    static void admit(KeycloakSession session, RealmModel realm, UserModel user, String requestId) {
        release(user);
        EventBuilder event = new EventBuilder(realm, session)
                .event(EventType.CUSTOM_REQUIRED_ACTION)
                .user(user)
                .detail(Details.USERNAME, user.getUsername())
                .detail(Details.CUSTOM_REQUIRED_ACTION, MARK);
        Observations.mark(event, ADMITTED, null, null, requestId).success();
    }
}
