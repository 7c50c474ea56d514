package dev.jitapproval.keycloak.change;

import java.util.Map;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.DeclarativeUserProfileProvider;
import org.keycloak.userprofile.DeclarativeUserProfileProviderFactory;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileContext;

/**
 * Keycloak's user profiles, with a guard before the updates that people make of their own. {@code ACCOUNT} is the Account REST API;
 * {@code UPDATE_PROFILE} are Keycloak's required actions, whose gates stand before them, and whatever another extension does there.
 *
 * <p>Left to Keycloak are {@code UPDATE_EMAIL}, which has its gate where the mail is sent, since the link in it is followed without a login;
 * {@code REGISTRATION} and {@code IDP_REVIEW}, which make an account, in flows of their own; {@code USER_API} and {@code SCIM}, where admins act.
 */
final class GuardedProfiles extends DeclarativeUserProfileProvider {

    private static final Set<UserProfileContext> GUARDED = Set.of(UserProfileContext.ACCOUNT, UserProfileContext.UPDATE_PROFILE);

    private final KeycloakSession session;

    GuardedProfiles(KeycloakSession session, DeclarativeUserProfileProviderFactory factory) {
        super(session, factory);
        this.session = session;
    }

    @Override
    public UserProfile create(UserProfileContext context, UserModel user) {
        return guard(context, super.create(context, user), user);
    }

    @Override
    public UserProfile create(UserProfileContext context, Map<String, ?> attributes, UserModel user) {
        return guard(context, super.create(context, attributes, user), user);
    }

    private UserProfile guard(UserProfileContext context, UserProfile profile, UserModel user) {
        return user != null && GUARDED.contains(context) ? new GuardedProfile(session, profile, user) : profile;
    }
}
