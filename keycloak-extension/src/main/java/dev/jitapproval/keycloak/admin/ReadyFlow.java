package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.flow.PolicyConditionFactory;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.keycloak.authentication.AuthenticatorUtil;
import org.keycloak.authentication.authenticators.browser.OTPFormAuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AuthenticationManagementResource;

/**
 * The browser flow with the checkpoint: a required subflow with everything that the realm's browser flow does now, then the
 * checkpoint, required. Beside top-level alternatives the checkpoint would break sign-in, and inside the forms it would
 * miss who comes with a single sign-on cookie.
 */
final class ReadyFlow {

    /** The alias of the flow that provisioning makes. */
    static final String ALIAS = "browser with JIT approval";

    /** The id of the checkpoint's authenticator. */
    static final String CHECKPOINT = "jit-approval";

    private static final String BASIC = "basic-flow";

    private final KeycloakSession session;
    private final RealmModel realm;

    ReadyFlow(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** Whether somebody who signs in through the flow always passes the checkpoint: it is required on the top level. */
    boolean isGuarded(AuthenticationFlowModel flow) {
        return flow != null && realm.getAuthenticationExecutionsStream(flow.getId())
                .anyMatch(execution -> isCheckpoint(execution) && execution.getRequirement() == Requirement.REQUIRED);
    }

    /** Whether the checkpoint stands anywhere in the flow, enabled. */
    boolean isMentioned(AuthenticationFlowModel flow) {
        return flow != null && isMentioned(flow.getId(), new HashSet<>());
    }

    /** The flow that provisioning made, or {@code null}. */
    AuthenticationFlowModel find() {
        return realm.getFlowByAlias(ALIAS);
    }

    /** Makes the flow from the realm's browser flow as it is now. */
    AuthenticationFlowModel create() {
        AuthenticationFlowModel flow = add(ALIAS, "The browser flow, then the approval checkpoint", true);
        AuthenticationFlowModel signIn = add(ALIAS + " sign-in", "What the browser flow did before the checkpoint came", false);
        AuthenticationManagementResource.copy(session, realm, ALIAS, realm.getBrowserFlow(), signIn);

        AuthenticationExecutionModel first = required(flow, 10);
        first.setAuthenticatorFlow(true);
        first.setFlowId(signIn.getId());
        realm.addAuthenticatorExecution(first);

        AuthenticationExecutionModel checkpoint = required(flow, 20);
        checkpoint.setAuthenticator(CHECKPOINT);
        realm.addAuthenticatorExecution(checkpoint);
        return flow;
    }

    /**
     * Puts a step between signing in and the checkpoint of the flow that provisioning made, where it is not: a one-time code, asked for where
     * the policy demands level 2. Which factors a realm wants is for its admins to change there.
     */
    void ensureStepUp() {
        AuthenticationFlowModel flow = find();
        if (!AuthenticatorUtil.getExecutionsByType(realm, flow.getId(), PolicyConditionFactory.ID).isEmpty()) {
            return;
        }
        AuthenticationFlowModel stepUp = add(ALIAS + " step-up", "A stronger factor, where the policy demands one", false);
        AuthenticationExecutionModel branch = required(flow, 15);
        branch.setRequirement(Requirement.CONDITIONAL);
        branch.setAuthenticatorFlow(true);
        branch.setFlowId(stepUp.getId());
        realm.addAuthenticatorExecution(branch);

        AuthenticatorConfigModel level = new AuthenticatorConfigModel();
        level.setAlias("JIT policy, level 2");
        level.setConfig(Map.of(PolicyConditionFactory.LEVEL, "2", PolicyConditionFactory.MAX_AGE, PolicyConditionFactory.DEFAULT_MAX_AGE));
        AuthenticationExecutionModel condition = required(stepUp, 10);
        condition.setAuthenticator(PolicyConditionFactory.ID);
        condition.setAuthenticatorConfig(realm.addAuthenticatorConfig(level).getId());
        realm.addAuthenticatorExecution(condition);

        AuthenticationExecutionModel code = required(stepUp, 20);
        code.setAuthenticator(OTPFormAuthenticatorFactory.PROVIDER_ID);
        realm.addAuthenticatorExecution(code);
    }

    private boolean isMentioned(String flowId, Set<String> seen) {
        return seen.add(flowId) && realm.getAuthenticationExecutionsStream(flowId)
                .filter(execution -> execution.getRequirement() != Requirement.DISABLED)
                .anyMatch(execution -> isCheckpoint(execution)
                        || execution.isAuthenticatorFlow() && isMentioned(execution.getFlowId(), seen));
    }

    private static boolean isCheckpoint(AuthenticationExecutionModel execution) {
        return !execution.isAuthenticatorFlow() && CHECKPOINT.equals(execution.getAuthenticator());
    }

    private AuthenticationFlowModel add(String alias, String description, boolean topLevel) {
        AuthenticationFlowModel flow = new AuthenticationFlowModel();
        flow.setAlias(alias);
        flow.setDescription(description);
        flow.setProviderId(BASIC);
        flow.setTopLevel(topLevel);
        flow.setBuiltIn(false);
        return realm.addAuthenticationFlow(flow);
    }

    private static AuthenticationExecutionModel required(AuthenticationFlowModel parent, int priority) {
        AuthenticationExecutionModel execution = new AuthenticationExecutionModel();
        execution.setParentFlow(parent.getId());
        execution.setRequirement(Requirement.REQUIRED);
        execution.setPriority(priority);
        return execution;
    }
}
