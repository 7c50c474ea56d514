package dev.jitapproval.keycloak.change;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.authentication.requiredactions.UpdateEmail;
import org.keycloak.authentication.requiredactions.UpdateProfile;
import org.keycloak.authentication.requiredactions.VerifyUserProfile;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;

/** Keycloak's required actions that have their gate after the form. */
public final class ProfileActions {

    private ProfileActions() {}

    /** {@code UPDATE_PROFILE}. */
    public static final class Update extends Profile {

        public Update() {
            super(new UpdateProfile());
        }
    }

    /** {@code VERIFY_PROFILE}: the same form, where a profile lacks something. */
    public static final class Verify extends Profile {

        public Verify() {
            super(new VerifyUserProfile());
        }
    }

    /** {@code UPDATE_EMAIL}. */
    public static final class Email extends GatedActionFactory {

        public Email() {
            super(new UpdateEmail());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider action) {
            return new ProfileAction(action, getId(), new EmailForm());
        }
    }

    private abstract static class Profile extends GatedActionFactory {

        Profile(RequiredActionFactory keycloak) {
            super(keycloak);
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider action) {
            return new ProfileAction(action, getId(), new ProfileForm());
        }
    }

    private static final class ProfileForm implements ProfileAction.Form {

        @Override
        public boolean isSentWithout(RequiredActionContext context) {
            return false;
        }

        @Override
        public List<Planned> plan(RequiredActionContext context, MultivaluedMap<String, String> fields) {
            return change(context, fields).planned();
        }

        @Override
        public void passed(RequiredActionContext context, MultivaluedMap<String, String> fields) {
            PassedProfile.mark(context.getSession(), context.getUser(), change(context, fields));
        }

        private static ProfileChange change(RequiredActionContext context, MultivaluedMap<String, String> fields) {
            UserProfile profile = context.getSession()
                    .getProvider(UserProfileProvider.class)
                    .create(UserProfileContext.UPDATE_PROFILE, new MultivaluedHashMap<>(fields), context.getUser());
            profile.validate();
            ProfileChange change = ProfileChange.of(profile, context.getUser(), false);
            // An address that has to be verified is not written now, but left to UPDATE_EMAIL, and judged there.
            return UpdateEmail.isVerifyEmailEnabled(context.getRealm()) || GuardedProfile.isEmailPending(context.getUser())
                    ? change.without(UserModel.EMAIL)
                    : change;
        }
    }

    private static final class EmailForm implements ProfileAction.Form {

        /** After the form of the profile, Keycloak takes the address that stands in it for one that was sent to this action. */
        @Override
        public boolean isSentWithout(RequiredActionContext context) {
            return UpdateEmail.isEnabled(context.getRealm())
                    && HttpMethod.POST.equals(context.getHttpRequest().getHttpMethod())
                    && context.getHttpRequest().getDecodedFormParameters().getFirst(UserModel.EMAIL) != null;
        }

        @Override
        public List<Planned> plan(RequiredActionContext context, MultivaluedMap<String, String> fields) {
            if (!UpdateEmail.isEnabled(context.getRealm())) {
                return List.of();
            }
            UserModel user = context.getUser();
            UserProfile profile = UpdateEmail.validateEmailUpdate(context.getSession(), user, fields.getFirst(UserModel.EMAIL));
            return ProfileChange.of(profile, user, false).plannedEmail();
        }

        @Override
        public void passed(RequiredActionContext context, MultivaluedMap<String, String> fields) {}
    }
}
