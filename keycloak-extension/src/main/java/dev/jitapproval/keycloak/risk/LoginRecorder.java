package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.KeycloakClock;
import java.util.List;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Remembers logins by Keycloak's own event of them. It is the one place that every login reaches after all that may stop it: the flow, the
 * checkpoint in it, each required action, consent. What the gate lets pass may still fail at any of those.
 */
final class LoginRecorder implements EventListenerProvider {

    private final KeycloakSession session;
    private final GeoSignal geo;

    LoginRecorder(KeycloakSession session, GeoSignal geo) {
        this.session = session;
        this.geo = geo;
    }

    @Override
    public void onEvent(Event event) {
        boolean login = event.getType() == EventType.LOGIN;
        boolean password = event.getType() == EventType.UPDATE_CREDENTIAL && setsPassword(event);
        if (event.getUserId() == null || !(login || password)) {
            return;
        }
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        if (realm == null || !Wanted.by(session, realm).any(RiskMemory.FIELDS)) {
            return;
        }
        if (login) {
            loggedIn(realm, event);
        } else if (byMailedLink()) {
            wasReset(realm, event.getUserId());
        }
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
        String path = event.getResourcePath();
        if (event.getOperationType() != OperationType.ACTION || event.getResourceType() != ResourceType.USER || event.getError() != null
                || path == null || !path.endsWith("/reset-password")) {
            return;
        }
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        String[] parts = path.split("/");
        if (realm != null && parts.length == 3 && Wanted.by(session, realm).any("risk.password_reset_at")) {
            wasReset(realm, parts[1]);
        }
    }

    /** An admin in somebody else's name makes neither their own browser nor their own address known as that user's. */
    private void loggedIn(RealmModel realm, Event event) {
        UserSessionModel userSession =
                event.getSessionId() == null ? null : session.sessions().getUserSession(realm, event.getSessionId());
        if (userSession != null && userSession.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString()) != null) {
            return;
        }
        ClientModel client = realm.getClientByClientId(event.getClientId());
        boolean proven = !bySso(userSession, client);
        Seen seen = RiskAssessment.seen(session, realm, event.getUserId(), client);
        if (proven && hasBrowser()) {
            seen = seen.with(Optional.ofNullable(seen.device()).orElseGet(DeviceToken::random));
            DeviceCookie.write(session, realm, RealmMarks.of(session, realm), seen.device());
        }
        Place place = geo == null ? null : geo.find(seen.ip()).place().orElse(null);
        new RiskMemory(session, realm).noteAfterCommit(event.getUserId(), seen.left(proven, place, KeycloakClock.now()));
    }

    /** As the session of the client says: Keycloak has taken the login's own note by the time of its event. */
    private static boolean bySso(UserSessionModel userSession, ClientModel client) {
        AuthenticatedClientSessionModel clientSession = userSession == null || client == null
                ? null
                : userSession.getAuthenticatedClientSessionByClient(client.getId());
        return clientSession != null && AuthenticationManager.isSSOAuthentication(clientSession);
    }

    /** The password grant has none that keeps cookies. */
    private boolean hasBrowser() {
        AuthenticationSessionModel authSession = session.getContext().getAuthenticationSession();
        return authSession != null && authSession.getAuthNote(AuthenticationProcessor.CURRENT_FLOW_PATH) != null;
    }

    private boolean byMailedLink() {
        AuthenticationSessionModel authSession = session.getContext().getAuthenticationSession();
        return authSession != null && authSession.getAuthNote(AuthenticationManager.INVALIDATE_ACTION_TOKEN) != null;
    }

    private void wasReset(RealmModel realm, String userId) {
        new RiskMemory(session, realm).noteAfterCommit(userId, List.of(Seen.reset(KeycloakClock.now())));
    }

    private static boolean setsPassword(Event event) {
        return event.getDetails() != null
                && PasswordCredentialModel.TYPE.equals(event.getDetails().get(Details.CREDENTIAL_TYPE));
    }

    @Override
    public void close() {}
}
