package dev.jitapproval.keycloak.doors;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.admin.Checkpoint;
import dev.jitapproval.keycloak.policy.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** What stands guard in a realm: the required action, the steps in its flows, and the rules of its policy. */
final class Guard {

    static final String LOGIN = "login";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Optional<Policy> policy;
    private final boolean gate;

    Guard(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.policy = JitApprovalProvider.of(session).policies().active(realm);
        this.gate = Checkpoint.gateGuards(realm);
    }

    /** The policy that decides, if there is one. */
    Optional<Policy> policy() {
        return policy;
    }

    /** Whether the required action sees every login. */
    boolean gate() {
        return gate;
    }

    /** Whether the flow has the step, or the required action makes up for it. @param flow or null */
    boolean stands(AuthenticationFlowModel flow) {
        return gate || Checkpoint.flowGuards(session, realm, flow);
    }

    /**
     * Whether the checkpoint lets nobody through unasked where it stands: some rule is on one of the actions, or no policy decides, so
     * that it refuses.
     */
    boolean asks(String... anyOf) {
        return policy.isEmpty() || rules(anyOf);
    }

    /** Whether the policy has a rule on one of the actions. */
    boolean rules(String... anyOf) {
        return policy.isPresent() && Arrays.stream(anyOf).anyMatch(policy.get().actions()::contains);
    }

    /** Those of the actions that the policy has no rule on. */
    List<String> unruled(List<String> actions) {
        return actions.stream().filter(action -> !rules(action)).toList();
    }
}
