package dev.jitapproval.keycloak.context;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Gathers the facts about one step of a flow. */
public final class ContextBuilder {

    private ContextBuilder() {}

    /**
     * The context of a step of an authentication flow whose user is known.
     *
     * @param action an action of the context schema
     * @param flowAlias alias of the top-level flow that runs
     * @param now the instant of the decision
     */
    public static DecisionContext forLogin(
            KeycloakSession session, AuthenticationSessionModel authSession, String action, String flowAlias, Instant now) {
        RealmModel realm = authSession.getRealm();
        UserModel user = authSession.getAuthenticatedUser();
        return new DecisionContext(
                action,
                Instants.of(now),
                new DecisionContext.Realm(realm.getName()),
                new DecisionContext.Flow(flowAlias),
                client(authSession.getClient()),
                UserFacts.of(realm, user),
                RequestFacts.of(session, authSession),
                SessionFacts.of(session, authSession),
                RiskFacts.of(session, realm, user));
    }

    private static DecisionContext.Client client(ClientModel client) {
        Map<String, String> attributes = new TreeMap<>();
        client.getAttributes().forEach((name, value) -> {
            if (value != null && !ClientSecrets.isSecret(name)) {
                attributes.put(name, value);
            }
        });
        return new DecisionContext.Client(
                client.getClientId(), displayName(client), client.isPublicClient(), attributes);
    }

    /** The client's name for people, or its {@code client_id} where it has none or only a message key. */
    public static String displayName(ClientModel client) {
        String name = client.getName();
        return name == null || name.isBlank() || name.startsWith("${") ? client.getClientId() : name;
    }
}
