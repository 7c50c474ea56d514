package dev.jitapproval.keycloak.context;

import dev.jitapproval.keycloak.risk.RiskAssessment;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Gathers the facts about one step. What a door does not say is absent. */
public final class ContextBuilder {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final String action;
    private final Instant now;
    private String flow;
    private DecisionContext.Client client;
    private DecisionContext.User user;
    private RealmModel home;
    private UserModel asks;
    private ClientModel asked;
    private Collection<String> scopes = List.of();
    private Collection<String> acrValues = List.of();
    private DecisionContext.Session proven;
    private DecisionContext.Change change;
    private DecisionContext.Target target;

    private ContextBuilder(KeycloakSession session, RealmModel realm, String action, Instant now) {
        this.session = session;
        this.realm = realm;
        this.action = action;
        this.now = now;
    }

    /**
     * Begins the context of a step.
     *
     * @param action an action of the context schema
     * @param now the instant of the decision
     */
    public static ContextBuilder at(KeycloakSession session, RealmModel realm, String action, Instant now) {
        return new ContextBuilder(session, realm, action, now);
    }

    /**
     * Begins the context of a step of an authentication flow: all but whose step it is, and what it changes.
     *
     * @param action an action of the context schema
     * @param flowAlias alias of the top-level flow that runs
     * @param now the instant of the decision
     */
    public static ContextBuilder forLogin(
            KeycloakSession session, AuthenticationSessionModel authSession, String action, String flowAlias, Instant now) {
        return at(session, authSession.getRealm(), action, now)
                .flow(flowAlias)
                .client(authSession.getClient())
                .scopes(RequestFacts.words(authSession.getClientNote(OIDCLoginProtocol.SCOPE_PARAM)))
                .acrValues(RequestFacts.words(authSession.getClientNote(OIDCLoginProtocol.ACR_PARAM)))
                .session(SessionFacts.of(session, authSession));
    }

    /** @param alias of the top-level authentication flow */
    public ContextBuilder flow(String alias) {
        this.flow = alias;
        return this;
    }

    /** What is asked into, or by. */
    public ContextBuilder client(ClientModel model) {
        this.asked = model;
        Map<String, List<String>> attributes = new TreeMap<>();
        model.getAttributes().forEach((name, value) -> {
            if (value != null && !ClientSecrets.isSecret(name)) {
                attributes.put(name, List.of(value));
            }
        });
        this.client = new DecisionContext.Client(model.getClientId(), name(model).orElse(null), model.isPublicClient(), attributes);
        return this;
    }

    /** Who asks, of this realm. */
    public ContextBuilder user(UserModel model) {
        return user(realm, model);
    }

    /** @param home the realm that the user is of, where that is not the one the step belongs to */
    public ContextBuilder user(RealmModel home, UserModel model) {
        this.user = UserFacts.of(home, model);
        this.home = home;
        this.asks = model;
        return this;
    }

    /** The scopes that are asked for; order and repetition mean nothing. */
    public ContextBuilder scopes(Collection<String> wanted) {
        this.scopes = wanted;
        return this;
    }

    /** The levels of authentication that are asked for. */
    public ContextBuilder acrValues(Collection<String> wanted) {
        this.acrValues = wanted;
        return this;
    }

    /** What was proven so far, by {@link SessionFacts}. */
    public ContextBuilder session(DecisionContext.Session facts) {
        this.proven = facts;
        return this;
    }

    /** What is about to change, or null. */
    public ContextBuilder change(DecisionContext.Change wanted) {
        this.change = wanted;
        return this;
    }

    /** What is acted on, or null. */
    public ContextBuilder target(DecisionContext.Target wanted) {
        this.target = wanted;
        return this;
    }

    /** The context. */
    public DecisionContext build() {
        return new DecisionContext(
                action,
                Instants.of(now),
                new DecisionContext.Realm(realm.getName()),
                flow == null ? null : new DecisionContext.Flow(flow),
                client,
                user,
                RequestFacts.of(session, scopes, acrValues),
                proven,
                risk(),
                change,
                target);
    }

    /** By the policy of the step's realm, about a user of their own. */
    private DecisionContext.Risk risk() {
        RealmModel of = home == null ? realm : home;
        return new DecisionContext.Risk(new RiskAssessment(session, realm, of).of(asks, asked, action, now));
    }

    /** What a registration changes. Who registers is already stored when an authenticator runs; everything about them is new. */
    public static DecisionContext.Change registration(UserModel user) {
        Map<String, List<String>> after = UserFacts.attributes(user);
        return new DecisionContext.Change(List.copyOf(after.keySet()), null, after);
    }

    /** The client's name for people, or its {@code client_id} where it has none or only a message key. */
    public static String displayName(ClientModel client) {
        return name(client).orElseGet(client::getClientId);
    }

    private static Optional<String> name(ClientModel client) {
        return Optional.ofNullable(client.getName()).filter(name -> !name.isBlank() && !name.startsWith("${"));
    }
}
