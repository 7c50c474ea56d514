package dev.jitapproval.keycloak.doors;

import dev.jitapproval.keycloak.admin.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.keycloak.common.Profile;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.IdentityProviderModel;
import org.keycloak.models.IdentityProviderQuery;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The doors that are authentication flows: the step stands in them, or the required action makes up for it. */
final class FlowDoors {

    private static final String BROWSER = "browser";
    private static final String DOCKER = "docker-v2";
    private static final String GATE = "Provision the required action jit-gate (POST provision)";

    private final RealmModel realm;
    private final Guard guard;
    private final List<ClientModel> clients;
    private final List<IdentityProviderModel> providers;

    /** @param clients the enabled clients of the realm */
    FlowDoors(KeycloakSession session, RealmModel realm, Guard guard, List<ClientModel> clients) {
        this.realm = realm;
        this.guard = guard;
        this.clients = clients;
        this.providers = session.identityProviders()
                .getAllStream(IdentityProviderQuery.userAuthentication())
                .filter(provider -> provider.isEnabled() && !Boolean.TRUE.equals(provider.isLinkOnly()))
                .toList();
    }

    Stream<OpenDoor> open() {
        List<OpenDoor> open = new ArrayList<>();
        flow(open, DoorCode.BROWSER_LOGIN, realm.getBrowserFlow(), Guard.LOGIN, "Signing in is not guarded",
                "bind a browser flow with the step (POST provision)");
        if (realm.isResetPasswordAllowed()) {
            flow(open, DoorCode.RESET_CREDENTIALS, realm.getResetCredentialsFlow(), "reset-credentials",
                    "The forgotten password is on and not guarded", "put the step behind \"Send Reset Email\" of its flow, or turn it off");
        }
        if (realm.isRegistrationAllowed()) {
            flow(open, DoorCode.REGISTRATION, realm.getRegistrationFlow(), "register",
                    "Self-registration is on and not guarded", "put the step last into its flow, or turn it off");
        }
        named(open, DoorCode.CLIENT_FLOW, clients.stream().filter(this::passesBeside).map(ClientModel::getClientId).toList(),
                "Clients have a browser flow of their own without the step", "take the clients' own flows away");
        brokers(open);
        directGrants(open);
        if (Profile.isFeatureEnabled(Profile.Feature.DOCKER) && !guard.stands(realm.getDockerAuthenticationFlow())) {
            named(open, DoorCode.DOCKER,
                    clients.stream().filter(client -> DOCKER.equals(client.getProtocol())).map(ClientModel::getClientId).toList(),
                    "The flow of Docker's registry protocol has no step", "put the step last into the Docker flow");
        }
        if (!guard.gate()) {
            open.add(OpenDoor.of(DoorCode.GATE_OFF,
                    "Only flows that have the step are guarded, for " + Checkpoint.whyGateDoesNotGuard(realm)
                            + "; sign-ins through other flows, and required actions of other extensions, are not.",
                    GATE + "."));
        }
        return open.stream();
    }

    private void flow(
            List<OpenDoor> open, DoorCode code, AuthenticationFlowModel flow, String action, String what, String orElse) {
        if (!guard.stands(flow)) {
            String alias = flow == null ? "none" : flow.getAlias();
            open.add(OpenDoor.of(code,
                    what + ": the flow '" + alias + "' does not require the step on its top level, and "
                            + Checkpoint.whyGateDoesNotGuard(realm) + ".",
                    GATE + ", or " + orElse + "."));
        } else if (!asks(action)) {
            open.add(OpenDoor.of(code, what + ": the policy has no rule on " + action + ".", "Write a rule on " + action + "."));
        }
    }

    private void brokers(List<OpenDoor> open) {
        named(open, DoorCode.FIRST_BROKER_LOGIN,
                aliases(provider -> provider.getFirstBrokerLoginFlowId() == null
                        ? realm.getFirstBrokerLoginFlow()
                        : realm.getAuthenticationFlowById(provider.getFirstBrokerLoginFlowId()), "first-broker-login"),
                "The first sign-in through identity providers is not guarded, or no rule is on first-broker-login",
                "put the step into the first login flow, with a rule on first-broker-login");
        named(open, DoorCode.POST_BROKER_LOGIN,
                aliases(provider -> provider.getPostBrokerLoginFlowId() == null
                        ? null
                        : realm.getAuthenticationFlowById(provider.getPostBrokerLoginFlowId()), "post-broker-login"),
                "Signing in through identity providers is not guarded, or no rule is on post-broker-login",
                "give the providers a post login flow with the step, with a rule on post-broker-login");
    }

    private List<String> aliases(Function<IdentityProviderModel, AuthenticationFlowModel> flow, String action) {
        return providers.stream()
                .filter(provider -> !guard.stands(flow.apply(provider)) || !asks(action))
                .map(IdentityProviderModel::getAlias)
                .toList();
    }

    private void directGrants(List<OpenDoor> open) {
        List<String> given = clients.stream()
                .filter(client -> Clients.isOidc(client) && client.isDirectAccessGrantsEnabled())
                .filter(client -> !guard.rules("direct-grant"))
                .map(ClientModel::getClientId)
                .toList();
        OpenDoor.about(DoorCode.DIRECT_GRANT, given,
                        "Tokens are given for a user name and a password, and no rule is on direct-grant",
                        "Write a rule on direct-grant, or turn the grant off in the clients.")
                .forEach(open::add);
    }

    /** The required action asks about logins through other flows as {@code login}. */
    private boolean asks(String action) {
        return guard.gate() ? guard.asks(action, Guard.LOGIN) : guard.asks(action);
    }

    private boolean passesBeside(ClientModel client) {
        AuthenticationFlowModel own = own(client);
        return own != null && !guard.stands(own);
    }

    /** The client's own browser flow, or null. */
    private AuthenticationFlowModel own(ClientModel client) {
        String override = client.getAuthenticationFlowBindingOverride(BROWSER);
        return override == null || override.isBlank() ? null : realm.getAuthenticationFlowById(override);
    }

    private static void named(List<OpenDoor> open, DoorCode code, List<String> names, String what, String closedBy) {
        OpenDoor.about(code, names, what, GATE + ", or " + closedBy + ".").forEach(open::add);
    }
}
