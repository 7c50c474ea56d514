package dev.jitapproval.keycloak.action;

import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Offers the checkpoint to realms as the required action {@value #ID}. */
public final class GateActionFactory implements RequiredActionFactory {

    /** The alias and the provider's id; Keycloak takes the two for one. */
    public static final String ID = "jit-gate";

    private static final RequiredActionProvider ACTION = new GateAction();

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return ACTION;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayText() {
        return "JIT approval";
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
