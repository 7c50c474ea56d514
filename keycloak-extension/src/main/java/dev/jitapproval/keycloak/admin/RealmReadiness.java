package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.policy.PolicyStatus;
import java.util.ArrayList;
import java.util.List;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Makes a realm ready for the checkpoint, and says what it still lacks. Both may be repeated at any time. */
final class RealmReadiness {

    private static final String BROWSER = "browser";
    private static final int MAX_CLIENTS_NAMED = 20;

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ReadyClient client;
    private final ReadyActions actions;
    private final ReadyAccess access;
    private final ReadyFlow flow;
    private final ReadyProfile profile;

    RealmReadiness(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.client = new ReadyClient(realm);
        this.actions = new ReadyActions(realm);
        this.access = new ReadyAccess(realm);
        this.flow = new ReadyFlow(session, realm);
        this.profile = new ReadyProfile(session, realm);
    }

    /** Whether a policy decides for the realm. Where none does, the checkpoint refuses everybody. */
    boolean hasPolicy() {
        return policy().active().isPresent();
    }

    /**
     * Puts everything in place that is not.
     *
     * @param bindBrowserFlow whether sign-ins shall pass the checkpoint in the browser flow from now on
     * @param requiredAction whether logins shall pass the checkpoint as a required action from now on; no flow is made then, unless
     *     it is to be bound, or to step up
     * @param stepUp whether the flow that is made shall ask for a one-time code where the policy demands a stronger factor
     */
    void provision(boolean bindBrowserFlow, boolean requiredAction, boolean stepUp) {
        client.ensure();
        access.ensure();
        actions.ensure();
        profile.ensure();
        if (requiredAction) {
            actions.ensureGate();
        }
        if ((bindBrowserFlow || stepUp || !actions.gateGuards()) && !flow.isMentioned(realm.getBrowserFlow())) {
            AuthenticationFlowModel prepared = flow.find() == null ? flow.create() : flow.find();
            if (bindBrowserFlow) {
                realm.setBrowserFlow(prepared);
            }
        }
        if (stepUp && flow.find() != null) {
            flow.ensureStepUp();
        }
    }

    /** The state of the realm. */
    Readiness status() {
        AuthenticationFlowModel bound = realm.getBrowserFlow();
        AuthenticationFlowModel prepared = flow.find();
        PolicyStatus policy = policy();

        List<String> problems = new ArrayList<>();
        problems.addAll(client.problems());
        problems.addAll(access.problems());
        problems.addAll(actions.problems());
        problems.addAll(guardProblems());
        problems.addAll(policyProblems(policy));
        List<String> warnings = new ArrayList<>(profile.problems());
        if (realm.getSmtpConfig().isEmpty()) {
            warnings.add("The realm has no mail settings: approvers are not told, they find requests in their inbox.");
        }
        return new Readiness(
                realm.getName(), problems.isEmpty(), problems, warnings,
                new Readiness.BrowserFlow(
                        bound == null ? null : bound.getAlias(), flow.isGuarded(bound),
                        prepared == null ? null : prepared.getAlias()),
                actions.gateGuards(),
                Readiness.RealmPolicy.of(policy));
    }

    private PolicyStatus policy() {
        return JitApprovalProvider.of(session).policies().status(realm);
    }

    /** Whether the realm is meant to be guarded: it has a policy, or somebody has provisioned it. */
    boolean isMeantToBeGuarded() {
        return hasPolicy() || client.find() != null;
    }

    /** Which logins pass beside the checkpoint, in sentences. The required action sees them all, whatever their flow is. */
    List<String> guardProblems() {
        return actions.gateGuards() ? List.of() : flowProblems(realm.getBrowserFlow());
    }

    private List<String> flowProblems(AuthenticationFlowModel bound) {
        List<String> problems = new ArrayList<>();
        if (!flow.isMentioned(bound)) {
            problems.add("Nothing guards sign-ins: the browser flow has no checkpoint, and " + actions.whyGateDoesNotGuard() + ". Bind '"
                    + ReadyFlow.ALIAS + "', or provision the required action.");
        } else if (!flow.isGuarded(bound)) {
            problems.add("The checkpoint is not required on the top level of the browser flow: some sign-ins pass beside it.");
        }
        realm.getClientsStream()
                .filter(this::passesBeside)
                .limit(MAX_CLIENTS_NAMED)
                .forEach(own -> problems.add(
                        "The client " + own.getClientId() + " has a browser flow of its own that does not require the checkpoint."));
        return problems;
    }

    private boolean passesBeside(ClientModel client) {
        String override = client.getAuthenticationFlowBindingOverride(BROWSER);
        return override != null && !override.isBlank() && !flow.isGuarded(realm.getAuthenticationFlowById(override));
    }

    private static List<String> policyProblems(PolicyStatus policy) {
        List<String> problems = new ArrayList<>();
        if (policy.active().isEmpty()) {
            problems.add(policy.source() == PolicyStatus.Source.DATABASE
                    ? "No policy is active, so the checkpoint refuses every step. Put one (POST policies) and activate it."
                    : "No policy is active, so the checkpoint refuses every step. Put a valid file into the policies directory.");
        }
        policy.lastError().ifPresent(error -> problems.add("The newest policy is not active: " + error));
        return problems;
    }
}
