package dev.jitapproval.keycloak.flow;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.sessions.CommonClientSessionModel.ExecutionStatus;

/** Which steps of a subflow were taken in this login. */
final class UsedFactors {

    private final RealmModel realm;
    private final KeycloakSessionFactory factory;
    private final Map<String, ExecutionStatus> statuses;
    private final String flowId;

    /** @param context of a step of the subflow */
    UsedFactors(AuthenticationFlowContext context) {
        this.realm = context.getRealm();
        this.factory = context.getSession().getKeycloakSessionFactory();
        this.statuses = context.getAuthenticationSession().getExecutionStatus();
        this.flowId = context.getExecution().getParentFlow();
    }

    /** Whether at least one step succeeded, and none was put off until the user has set a factor up. */
    boolean any() {
        List<ExecutionStatus> taken = steps(flowId, new HashSet<>()).map(step -> statuses.get(step.getId())).toList();
        return taken.contains(ExecutionStatus.SUCCESS) && !taken.contains(ExecutionStatus.SETUP_REQUIRED);
    }

    private Stream<AuthenticationExecutionModel> steps(String flow, Set<String> seen) {
        if (!seen.add(flow)) {
            return Stream.empty();
        }
        return realm.getAuthenticationExecutionsStream(flow)
                .flatMap(step -> step.isAuthenticatorFlow() ? steps(step.getFlowId(), seen) : Stream.of(step))
                .filter(step -> !isCondition(step));
    }

    private boolean isCondition(AuthenticationExecutionModel step) {
        return factory.getProviderFactory(Authenticator.class, step.getAuthenticator()) instanceof ConditionalAuthenticatorFactory;
    }
}
