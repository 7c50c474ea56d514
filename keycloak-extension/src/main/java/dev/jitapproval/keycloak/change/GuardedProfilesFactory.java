package dev.jitapproval.keycloak.change;

import org.keycloak.models.KeycloakSession;
import org.keycloak.userprofile.DeclarativeUserProfileProvider;
import org.keycloak.userprofile.DeclarativeUserProfileProviderFactory;

/** Stands in for Keycloak's user profiles under the same id, configuration and all. */
public final class GuardedProfilesFactory extends DeclarativeUserProfileProviderFactory {

    @Override
    public int order() {
        return PROVIDER_PRIORITY + 1;
    }

    @Override
    public DeclarativeUserProfileProvider create(KeycloakSession session) {
        return new GuardedProfiles(session, this);
    }
}
