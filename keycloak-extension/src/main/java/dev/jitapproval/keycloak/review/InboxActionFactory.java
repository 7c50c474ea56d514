package dev.jitapproval.keycloak.review;

import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link InboxAction}. */
public final class InboxActionFactory implements RequiredActionFactory {

    @Override
    public String getId() {
        return ReviewClient.INBOX_ACTION;
    }

    @Override
    public String getDisplayText() {
        return "List approval requests";
    }

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return new InboxAction(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
