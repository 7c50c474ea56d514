package dev.jitapproval.keycloak.eligibility;

import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookupFactory;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link RealmEligibility}. */
public final class RealmEligibilityFactory implements EligibilityLookupFactory {

    @Override
    public String getId() {
        return "realm";
    }

    @Override
    public EligibilityLookup create(KeycloakSession session) {
        return new RealmEligibility(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
