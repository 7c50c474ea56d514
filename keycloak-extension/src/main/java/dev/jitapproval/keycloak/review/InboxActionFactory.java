package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.PlainFactory;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;

/** Makes {@link InboxAction}. */
public final class InboxActionFactory implements RequiredActionFactory, PlainFactory<RequiredActionProvider> {

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
}
