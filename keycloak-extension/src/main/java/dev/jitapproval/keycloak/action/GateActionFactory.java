package dev.jitapproval.keycloak.action;

import dev.jitapproval.keycloak.PlainFactory;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;

/** Offers the checkpoint to realms as the required action {@value #ID}. */
public final class GateActionFactory implements RequiredActionFactory, PlainFactory<RequiredActionProvider> {

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
}
