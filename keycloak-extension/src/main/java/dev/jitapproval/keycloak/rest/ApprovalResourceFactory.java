package dev.jitapproval.keycloak.rest;

import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves {@link ApprovalResource} as {@code /realms/<realm>/jit-approval}. */
public final class ApprovalResourceFactory implements RealmResourceProviderFactory {

    /** The provider's id and the path segment. */
    public static final String ID = "jit-approval";

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new ApprovalResource(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}

    @Override
    public String getId() {
        return ID;
    }
}
