package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.change.SelfService.Refused;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.AbstractUserRepresentation;
import org.keycloak.userprofile.AttributeChangeListener;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.ValidationException;
import org.keycloak.validate.ValidationError;

/** A profile whose update only happens where the policy lets it, or has let it in this very request. */
record GuardedProfile(KeycloakSession session, UserProfile profile, UserModel user) implements UserProfile {

    private static final String VALIDATOR = "jit-approval";

    /**
     * {@inheritDoc}
     *
     * @throws ValidationException as well where the policy does not simply allow it: the error stands at the first attribute that would change,
     *     and says where to go instead
     */
    @Override
    public void update(boolean removeAttributes, AttributeChangeListener... listeners) {
        if (Guarded.is(session, session.getContext().getRealm())) {
            profile.validate();
            ProfileChange change = change(removeAttributes);
            if (!PassedProfile.is(session, user, change)) {
                judge(change);
            }
        }
        profile.update(removeAttributes, listeners);
    }

    private void judge(ProfileChange change) {
        SelfService api = SelfService.of(session, user);
        for (Planned planned : change.planned()) {
            Optional<Refused> refused = api.judge(planned);
            if (refused.isPresent()) {
                String attribute = planned.change().fields().get(0);
                throw new ValidationException(new ValidationError(VALIDATOR, attribute, refused.get().message()));
            }
        }
    }

    private ProfileChange change(boolean removeAttributes) {
        ProfileChange change = ProfileChange.of(profile, user, removeAttributes);
        boolean emailIsLeft = session.getContext().getAuthenticationSession() != null && isEmailPending(user);
        return emailIsLeft ? change.without(UserModel.EMAIL) : change;
    }

    /** Whether Keycloak does not write an address because one is about to be changed by its own action. */
    static boolean isEmailPending(UserModel user) {
        return user.getRequiredActionsStream().anyMatch(UserModel.RequiredAction.UPDATE_EMAIL.name()::equals);
    }

    @Override
    public void validate() {
        profile.validate();
    }

    @Override
    public UserModel create() {
        return profile.create();
    }

    @Override
    public UserModel create(boolean validate) {
        return profile.create(validate);
    }

    @Override
    public Attributes getAttributes() {
        return profile.getAttributes();
    }

    @Override
    public <R extends AbstractUserRepresentation> R toRepresentation(boolean full) {
        return profile.toRepresentation(full);
    }
}
