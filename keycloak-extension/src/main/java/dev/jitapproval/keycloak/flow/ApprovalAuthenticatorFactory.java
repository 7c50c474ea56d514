package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.PlainFactory;
import java.util.List;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;

/** Offers the checkpoint to authentication flows as "JIT approval". */
public final class ApprovalAuthenticatorFactory implements AuthenticatorFactory, PlainFactory<Authenticator> {

    /** The provider's id in flows and realm exports. */
    public static final String ID = "jit-approval";

    private static final Authenticator AUTHENTICATOR = new ApprovalAuthenticator();

    /** Not {@code ALTERNATIVE}: what a person can choose another way around is no checkpoint. */
    private static final Requirement[] REQUIREMENTS = {Requirement.REQUIRED, Requirement.DISABLED};

    @Override
    public Authenticator create(KeycloakSession session) {
        return AUTHENTICATOR;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "JIT approval";
    }

    @Override
    public String getReferenceCategory() {
        return ID;
    }

    @Override
    public String getHelpText() {
        return "Holds the step until the policy's approvers have agreed, or refuses it. Put it, as REQUIRED, after a REQUIRED subflow"
                + " that holds everything which establishes the user, the cookie included.";
    }

    @Override
    public boolean isConfigurable() {
        return false;
    }

    @Override
    public Requirement[] getRequirementChoices() {
        return REQUIREMENTS.clone();
    }

    @Override
    public boolean isUserSetupAllowed() {
        return false;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }
}
