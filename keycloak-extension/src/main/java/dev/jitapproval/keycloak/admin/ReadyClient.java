package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.review.ReviewClient;
import dev.jitapproval.keycloak.review.ReviewLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;

/**
 * The approvers' client. It can do one thing, start a sign-in that ends in a decision: every other grant is off, and it
 * authenticates with a signed assertion for which no key exists, so that a code would be worth nothing either.
 */
final class ReadyClient {

    private static final String NO_KEYS = "client-jwt";

    private static final Map<String, String> ATTRIBUTES = Map.of(
            OIDCConfigAttributes.PKCE_CODE_CHALLENGE_METHOD, "S256",
            OIDCConfigAttributes.USE_REFRESH_TOKEN, "false",
            "oauth2.device.authorization.grant.enabled", "false",
            "oidc.ciba.grant.enabled", "false",
            "standard.token.exchange.enabled", "false");

    private final RealmModel realm;

    ReadyClient(RealmModel realm) {
        this.realm = realm;
    }

    /** The client, or {@code null}. */
    ClientModel find() {
        return realm.getClientByClientId(ReviewClient.CLIENT_ID);
    }

    /** Makes the client, or sets an existing one right. */
    void ensure() {
        ClientModel client = find();
        if (client == null) {
            client = realm.addClient(ReviewClient.CLIENT_ID);
            client.setName("Approvals");
            client.setDescription("Where people approve or deny what others ask for");
        }
        client.setEnabled(true);
        client.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        client.setPublicClient(false);
        client.setBearerOnly(false);
        client.setClientAuthenticatorType(NO_KEYS);
        client.setStandardFlowEnabled(true);
        client.setImplicitFlowEnabled(false);
        client.setDirectAccessGrantsEnabled(false);
        client.setServiceAccountsEnabled(false);
        client.setConsentRequired(false);
        client.setFullScopeAllowed(false);
        client.setRootUrl(Constants.AUTH_BASE_URL_PROP);
        client.setBaseUrl(ReviewLinks.inboxPath(realm));
        client.setRedirectUris(Set.of(ReviewLinks.endedPath(realm)));
        client.setWebOrigins(Set.of());
        ATTRIBUTES.forEach(client::setAttribute);
    }

    /** What is wrong with the client, in sentences; empty when it is ready. */
    List<String> problems() {
        ClientModel client = find();
        if (client == null) {
            return List.of("The client " + ReviewClient.CLIENT_ID + " is missing.");
        }
        List<String> problems = new ArrayList<>();
        say(problems, !client.isEnabled(), "is disabled");
        say(problems, !client.isStandardFlowEnabled(), "has the standard flow switched off, so nobody can review");
        say(problems, !client.getRedirectUris().equals(Set.of(ReviewLinks.endedPath(realm))),
                "must have exactly one redirect URI: " + ReviewLinks.endedPath(realm));
        say(problems, client.isPublicClient(), "is public; approving could then be used to sign in");
        say(problems, client.isImplicitFlowEnabled(), "has the implicit flow switched on");
        say(problems, client.isDirectAccessGrantsEnabled(), "has direct access grants switched on");
        say(problems, client.isServiceAccountsEnabled(), "has a service account");
        ATTRIBUTES.forEach((name, value) ->
                say(problems, !value.equals(client.getAttribute(name)), "should have the attribute " + name + " = " + value));
        return problems;
    }

    private static void say(List<String> problems, boolean wrong, String what) {
        if (wrong) {
            problems.add("The client " + ReviewClient.CLIENT_ID + " " + what + ".");
        }
    }
}
