package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.PlainFactory;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;

/** Makes {@link ReviewAction}. */
public final class ReviewActionFactory implements RequiredActionFactory, PlainFactory<RequiredActionProvider> {

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
}
