package dev.jitapproval.keycloak.context;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                RiskFacts.of(session, realm, user),
                "register".equals(action) ? registration(user) : null);
    }

    private static DecisionContext.Client client(ClientModel client) {
        Map<String, List<String>> attributes = new TreeMap<>();
        client.getAttributes().forEach((name, value) -> {
            if (value != null && !ClientSecrets.isSecret(name)) {
                attributes.put(name, List.of(value));
            }
        });
        return new DecisionContext.Client(client.getClientId(), name(client).orElse(null), client.isPublicClient(), attributes);
    }

    /** Who registers is already stored when an authenticator runs; everything about them is new. */
    private static DecisionContext.Change registration(UserModel user) {
        Map<String, List<String>> after = UserFacts.attributes(user);
        return new DecisionContext.Change(List.copyOf(after.keySet()), after);
    }

    /** The client's name for people, or its {@code client_id} where it has none or only a message key. */
    public static String displayName(ClientModel client) {
        return name(client).orElseGet(client::getClientId);
    }

    private static Optional<String> name(ClientModel client) {
        return Optional.ofNullable(client.getName()).filter(name -> !name.isBlank() && !name.startsWith("${"));
    }
}
