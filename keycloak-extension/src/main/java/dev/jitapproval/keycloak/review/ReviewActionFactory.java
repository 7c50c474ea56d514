package dev.jitapproval.keycloak.review;

import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link ReviewAction}. */
public final class ReviewActionFactory implements RequiredActionFactory {

    @Override
    public String getId() {
        return ReviewClient.REVIEW_ACTION;
    }

    @Override
    public String getDisplayText() {
        return "Review an approval request";
    }

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return new ReviewAction(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
