package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.PlainFactory;
import java.util.List;
import org.keycloak.authentication.AuthenticationFlowCallbackFactory;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticator;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** Offers the policy's demand for a stronger factor to conditional subflows as "Condition - JIT policy". */
public final class PolicyConditionFactory
        implements ConditionalAuthenticatorFactory, AuthenticationFlowCallbackFactory, PlainFactory<Authenticator> {

    /** The provider's id in flows and realm exports. */
    public static final String ID = "jit-policy-condition";

    /** The configuration key of the level that the subflow reaches. */
    public static final String LEVEL = "jit-level";

    /** The configuration key of how long, in seconds, the level holds for later sign-ins in the same session. */
    public static final String MAX_AGE = "jit-max-age";

    /** As long as Keycloak's own condition lets a level hold: 10 hours. */
    public static final String DEFAULT_MAX_AGE = "36000";

    private static final ConditionalAuthenticator CONDITION = new PolicyCondition();
    private static final Requirement[] REQUIREMENTS = {Requirement.REQUIRED, Requirement.DISABLED};
    private static final List<ProviderConfigProperty> PROPERTIES = ProviderConfigurationBuilder.create()
            .property()
            .name(LEVEL)
            .label("Level")
            .helpText("The level of authentication (LoA, a number) that is reached when the subflow succeeds. The subflow runs where the"
                    + " policy demands this level or a lower one, and it was not reached.")
            .type(ProviderConfigProperty.STRING_TYPE)
            .defaultValue("2")
            .add()
            .property()
            .name(MAX_AGE)
            .label("Max age")
            .helpText("For how many seconds the level holds for later sign-ins in the same session. 0: only for this sign-in.")
            .type(ProviderConfigProperty.STRING_TYPE)
            .defaultValue(DEFAULT_MAX_AGE)
            .add()
            .build();

    @Override
    public Authenticator create(KeycloakSession session) {
        return CONDITION;
    }

    @Override
    public ConditionalAuthenticator getSingleton() {
        return CONDITION;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "Condition - JIT policy";
    }

    @Override
    public String getHelpText() {
        return "Runs the subflow where the realm's policy demands a stronger factor (step_up) that this sign-in has not proven yet."
                + " Put it into a CONDITIONAL subflow with an OTP or WebAuthn form, before the JIT approval.";
    }

    @Override
    public boolean isConfigurable() {
        return true;
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
        return PROPERTIES;
    }
}
