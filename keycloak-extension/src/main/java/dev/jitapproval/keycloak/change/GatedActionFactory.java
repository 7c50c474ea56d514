package dev.jitapproval.keycloak.change;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.provider.EnvironmentDependentProviderFactory;
import org.keycloak.provider.ProviderConfigProperty;

/** Stands in for a factory of Keycloak's under the same id, and makes the same action behind a gate. */
abstract class GatedActionFactory implements RequiredActionFactory, EnvironmentDependentProviderFactory {

    /** Above Keycloak's own, which has 0: of two factories with one id the higher one is used. */
    static final int ORDER = 1;

    private final RequiredActionFactory keycloak;

    /** @param keycloak the factory that is Keycloak's own */
    GatedActionFactory(RequiredActionFactory keycloak) {
        this.keycloak = keycloak;
    }

    /** @param action Keycloak's own */
    abstract RequiredActionProvider behindGate(RequiredActionProvider action);

    @Override
    public final RequiredActionProvider create(KeycloakSession session) {
        return behindGate(keycloak.create(session));
    }

    @Override
    public final String getId() {
        return keycloak.getId();
    }

    @Override
    public final int order() {
        return ORDER;
    }

    @Override
    public final String getDisplayText() {
        return keycloak.getDisplayText();
    }

    @Override
    public final boolean isOneTimeAction() {
        return keycloak.isOneTimeAction();
    }

    @Override
    public final boolean isConfigurable() {
        return keycloak.isConfigurable();
    }

    @Override
    public final List<ProviderConfigProperty> getConfigMetadata() {
        return keycloak.getConfigMetadata();
    }

    @Override
    public final void validateConfig(KeycloakSession session, RealmModel realm, RequiredActionConfigModel model) {
        keycloak.validateConfig(session, realm, model);
    }

    /** Not where the feature is off that Keycloak's own belongs to. */
    @Override
    public final boolean isSupported(Config.Scope config) {
        return !(keycloak instanceof EnvironmentDependentProviderFactory dependent) || dependent.isSupported(config);
    }

    @Override
    public final void init(Config.Scope config) {
        keycloak.init(config);
    }

    @Override
    public final void postInit(KeycloakSessionFactory factory) {
        keycloak.postInit(factory);
    }

    @Override
    public final void close() {
        keycloak.close();
    }
}
