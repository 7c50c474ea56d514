package dev.jitapproval.keycloak.action;

import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.CommonClientSessionModel;

/**
 * Refuses a consent that the login does not wait for. Keycloak 26.7 takes a consent form without a session code for a page that is loaded
 * again, does not compare it with the action that is required, and ends the login: any required action is left out, {@code jit-gate} and
 * the approvers' own among them.
 */
@Provider
public final class ConsentGuard implements ContainerRequestFilter {

    private static final Logger LOG = Logger.getLogger(ConsentGuard.class);

    /** Wider than Keycloak's own path, so that no other way to write it passes. */
    private static final Pattern PATH = Pattern.compile("realms/+([^/;]+).*login-actions.*consent");

    private static final String WAITS_FOR_CONSENT = CommonClientSessionModel.Action.OAUTH_GRANT.name();

    /** A proxy of the session of the request at hand. */
    @Inject
    KeycloakSession session;

    @Override
    public void filter(ContainerRequestContext request) {
        Optional<String> realm = consentIn(request.getMethod(), request.getUriInfo().getPath(true));
        if (realm.isPresent() && isUnasked(realm.get())) {
            LOG.warn("A consent was refused that its login does not wait for: it would have left out required actions");
            request.abortWith(Response.status(Response.Status.BAD_REQUEST).build());
        }
    }

    /** The name of the realm to which a request sends a consent. */
    static Optional<String> consentIn(String method, String path) {
        Matcher matcher = PATH.matcher(path);
        return HttpMethod.POST.equals(method) && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Looks the login up as Keycloak will; where there is none, there is nothing that Keycloak could end. */
    private boolean isUnasked(String realmName) {
        if (!session.getTransactionManager().isActive()) {
            session.getTransactionManager().begin();
        }
        RealmModel realm = session.realms().getRealmByName(realmName);
        if (realm == null) {
            return false;
        }
        session.getContext().setRealm(realm);
        var parameters = session.getContext().getUri().getQueryParameters();
        String clientId = parameters.getFirst(Constants.CLIENT_ID);
        AuthenticationSessionModel login = new AuthenticationSessionManager(session).getCurrentAuthenticationSession(
                realm, clientId == null ? null : realm.getClientByClientId(clientId), parameters.getFirst(Constants.TAB_ID));
        return login != null
                && !WAITS_FOR_CONSENT.equals(login.getAuthNote(AuthenticationProcessor.CURRENT_AUTHENTICATION_EXECUTION));
    }
}
