package dev.jitapproval.keycloak.context;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.UserModel;

/** Reads the signs of risk that Keycloak keeps. A known device, address or last login is not among them, so they stay absent. */
final class RiskFacts {

    private RiskFacts() {}

    static DecisionContext.Risk of(KeycloakSession session, RealmModel realm, UserModel user) {
        if (!realm.isBruteForceProtected()) {
            return new DecisionContext.Risk(null);
        }
        UserLoginFailureModel failures = session.loginFailures().getUserLoginFailure(realm, user.getId());
        return new DecisionContext.Risk(failures == null ? 0 : failures.getNumFailures());
    }
}
