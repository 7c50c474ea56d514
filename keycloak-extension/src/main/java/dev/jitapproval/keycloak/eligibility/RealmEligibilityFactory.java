package dev.jitapproval.keycloak.eligibility;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookupFactory;
import org.keycloak.models.KeycloakSession;

/** Makes {@link RealmEligibility}. */
public final class RealmEligibilityFactory implements EligibilityLookupFactory, PlainFactory<EligibilityLookup> {

    @Override
    public String getId() {
        return "realm";
    }

    @Override
    public EligibilityLookup create(KeycloakSession session) {
        return new RealmEligibility(session);
    }
}
