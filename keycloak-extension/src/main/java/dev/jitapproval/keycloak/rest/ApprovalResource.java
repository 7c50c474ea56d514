package dev.jitapproval.keycloak.rest;

import jakarta.ws.rs.Path;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** The root of the browser's resources; each concern has a class of its own. */
public final class ApprovalResource implements RealmResourceProvider {

    private final KeycloakSession session;

    ApprovalResource(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public Object getResource() {
        return this;
    }

    /** How the request of a waiting page stands. */
    @Path(StatusResource.PATH)
    public StatusResource status() {
        return new StatusResource(session);
    }

    @Override
    public void close() {}
}
