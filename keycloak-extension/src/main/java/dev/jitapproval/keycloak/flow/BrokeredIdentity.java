package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.eligibility.PersonKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keycloak.authentication.authenticators.broker.AbstractIdpAuthenticator;
import org.keycloak.authentication.authenticators.broker.util.PostBrokerLoginConstants;
import org.keycloak.authentication.authenticators.broker.util.SerializedBrokeredIdentityContext;
import org.keycloak.models.IdentityProviderModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/** What an identity provider says about who logs in, as Keycloak keeps it while the flows of that login run. */
final class BrokeredIdentity {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final SerializedBrokeredIdentityContext said;

    private BrokeredIdentity(KeycloakSession session, RealmModel realm, SerializedBrokeredIdentityContext said) {
        this.session = session;
        this.realm = realm;
        this.said = said;
    }

    /** The identity that a flow at this path is about; empty at every path but those of identity providers. */
    static Optional<BrokeredIdentity> in(KeycloakSession session, AuthenticationSessionModel authSession, String flowPath) {
        return note(flowPath)
                .map(note -> SerializedBrokeredIdentityContext.readFromAuthenticationSession(authSession, note))
                .map(said -> new BrokeredIdentity(session, authSession.getRealm(), said));
    }

    private static Optional<String> note(String flowPath) {
        if (LoginActionsService.FIRST_BROKER_LOGIN_PATH.equals(flowPath)) {
            return Optional.of(AbstractIdpAuthenticator.BROKERED_CONTEXT_NOTE);
        }
        return LoginActionsService.POST_BROKER_LOGIN_PATH.equals(flowPath)
                ? Optional.of(PostBrokerLoginConstants.PBL_BROKERED_IDENTITY_CONTEXT)
                : Optional.empty();
    }

    /**
     * Who asks, before there is an account: the subject at its provider. It is the person of the account that Keycloak would link it to, so
     * that nobody approves the link to their own account; unless a mapper of the provider says which person it is.
     */
    Requester requester() {
        String id = Requester.idOf(alias(), said.getId());
        String username = Stream.of(said.getModelUsername(), said.getBrokerUsername(), said.getEmail())
                .filter(name -> name != null && !name.isBlank())
                .findFirst()
                .orElse(id);
        EligibilityLookup people = session.getProvider(EligibilityLookup.class);
        String person = PersonKeys.mapped(session, realm, said.getAttribute(PersonKeys.ATTRIBUTE))
                .or(() -> account().map(account -> people.personKey(realm, account)))
                .orElse(id);
        return new Requester(id, username, person);
    }

    /** The identity provider. */
    DecisionContext.Target provider() {
        IdentityProviderModel provider = session.identityProviders().getByAlias(alias());
        String name = provider == null ? null : provider.getDisplayName();
        return new DecisionContext.Target("identity-provider", alias(), name == null || name.isBlank() ? null : name);
    }

    /** The account as it would be made; {@code before} is there where there is one already that it would be linked to. */
    DecisionContext.Change change() {
        TreeMap<String, List<String>> after = new TreeMap<>();
        said.getAttributes().forEach((name, values) -> after.put(name, List.copyOf(values)));
        put(after, UserModel.USERNAME, username());
        put(after, UserModel.EMAIL, said.getEmail());
        put(after, UserModel.FIRST_NAME, said.getFirstName());
        put(after, UserModel.LAST_NAME, said.getLastName());
        return new DecisionContext.Change(List.copyOf(after.keySet()), account().map(BrokeredIdentity::before).orElse(null), after);
    }

    private static Map<String, List<String>> before(UserModel account) {
        TreeMap<String, List<String>> before = new TreeMap<>();
        put(before, UserModel.USERNAME, account.getUsername());
        put(before, UserModel.EMAIL, account.getEmail());
        put(before, UserModel.FIRST_NAME, account.getFirstName());
        put(before, UserModel.LAST_NAME, account.getLastName());
        return before;
    }

    /** The account that Keycloak's own step takes for the same person: by e-mail address, then by user name. */
    private Optional<UserModel> account() {
        Optional<UserModel> byEmail = Optional.ofNullable(said.getEmail())
                .filter(email -> !realm.isDuplicateEmailsAllowed())
                .map(email -> session.users().getUserByEmail(realm, email));
        return byEmail.or(() -> Optional.ofNullable(username()).map(name -> session.users().getUserByUsername(realm, name)));
    }

    private String username() {
        return realm.isRegistrationEmailAsUsername() ? said.getEmail() : said.getModelUsername();
    }

    private String alias() {
        return said.getIdentityProviderId();
    }

    private static void put(Map<String, List<String>> attributes, String name, String value) {
        if (value != null && !value.isBlank()) {
            attributes.put(name, List.of(value));
        }
    }
}
