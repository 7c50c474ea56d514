package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.PlainFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves {@link ApprovalResource} as {@code /realms/<realm>/jit-approval}. */
public final class ApprovalResourceFactory implements RealmResourceProviderFactory, PlainFactory<RealmResourceProvider> {

    /** The provider's id and the path segment. */
    public static final String ID = "jit-approval";

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new ApprovalResource(session);
    }

    @Override
    public String getId() {
        return ID;
    }
}
