package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.RecordKeeping;
import dev.jitapproval.keycloak.observe.Observations;
import dev.jitapproval.keycloak.risk.Attempt.Failures;
import dev.jitapproval.keycloak.risk.Attempt.Memory;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/** Looks up what is known of an attempt, as far as the realm's policy reads it, and asks every risk signal. */
public final class RiskAssessment {

    private static final Logger LOG = Logger.getLogger(RiskAssessment.class);
    private static final String USER_AGENT = "User-Agent";
    private static final String ANSWERS = RiskAssessment.class.getName();

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Wanted wanted;

    /**
     * @param decides the realm whose policy says what is looked up
     * @param realm the realm that the user is of
     */
    public RiskAssessment(KeycloakSession session, RealmModel decides, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.wanted = Wanted.by(session, decides);
    }

    /** What was asked for in this HTTP request; a login comes past several doors in one, and should not differ between them. */
    private record Asked(String realm, String user, String client, String action) {}

    /**
     * The fields of {@code risk.*} that can be told, by their names without {@code risk.}. Asked again in the same HTTP request, the same.
     *
     * @param user who takes the step, or null
     * @param client what is asked into, or null
     * @param action an action of the context schema
     */
    public Map<String, Object> of(UserModel user, ClientModel client, String action, Instant now) {
        List<SignalPanel.Member> members = members();
        if (members.isEmpty()) {
            return Map.of();
        }
        Asked asked = new Asked(
                realm.getId(), user == null ? null : user.getId(), client == null ? null : client.getId(), action);
        return answers().computeIfAbsent(asked, anew -> new SignalPanel(
                        (id, why) -> Observations.riskSignalSilent(realm.getName(), id, why), SignalPanel.LIMIT)
                .ask(members, attempt(user, client, action, now))
                .fields());
    }

    private Map<Asked, Map<String, Object>> answers() {
        @SuppressWarnings("unchecked")
        Map<Asked, Map<String, Object>> answers = (Map<Asked, Map<String, Object>>) session.getAttribute(ANSWERS);
        if (answers == null) {
            answers = new HashMap<>();
            session.setAttribute(ANSWERS, answers);
        }
        return answers;
    }

    private List<SignalPanel.Member> members() {
        return session.getKeycloakSessionFactory()
                .getProviderFactoriesStream(RiskSignal.class)
                .map(RiskSignalFactory.class::cast)
                .filter(factory -> wanted.any(factory.fields()))
                .sorted(Comparator.comparing(RiskSignalFactory::getId))
                .map(factory -> new SignalPanel.Member(
                        factory.getId(), factory.fields().contains(RiskSignalFactory.SIGNALS), factory.computesOnly(),
                        session.getProvider(RiskSignal.class, factory.getId())))
                .toList();
    }

    private Attempt attempt(UserModel user, ClientModel client, String action, Instant now) {
        return new Attempt(
                realm.getName(),
                user == null ? null : user.getId(),
                user == null ? null : user.getUsername(),
                client == null ? null : client.getClientId(),
                action,
                now,
                session.getContext().getConnection().getRemoteAddr(),
                session.getContext().getHttpRequest().getHttpHeaders().getHeaderString(USER_AGENT),
                user == null ? null : failures(user),
                user == null ? null : memory(user, client, now),
                user == null ? null : sessions(user),
                user == null ? null : credentialChangedAt(user));
    }

    private Failures failures(UserModel user) {
        if (!realm.isBruteForceProtected() || !wanted.any("risk.failed_logins", "risk.locked")) {
            return null;
        }
        UserLoginFailureModel counted = session.loginFailures().getUserLoginFailure(realm, user.getId());
        BruteForceProtector protector = session.getProvider(BruteForceProtector.class);
        return new Failures(
                counted == null ? 0 : counted.getNumFailures(),
                protector.isTemporarilyDisabled(session, realm, user) || protector.isPermanentlyLockedOut(session, realm, user));
    }

    /** Nothing is known rather than nobody: a database that does not answer makes no device known, and none unknown. */
    private Memory memory(UserModel user, ClientModel client, Instant now) {
        if (!wanted.any(RiskMemory.FIELDS)) {
            return null;
        }
        try {
            return new RiskMemory(session, realm).of(seen(session, realm, user.getId(), client), now, RecordKeeping.read().sightings());
        } catch (RuntimeException e) {
            LOG.errorf(e, "What is remembered of the logins of user %s could not be read", user.getUsername());
            return null;
        }
    }

    static Seen seen(KeycloakSession session, RealmModel realm, String userId, ClientModel client) {
        RealmMarks marks = RealmMarks.of(session, realm);
        return new Seen(
                marks.all(),
                userId,
                DeviceCookie.read(session, realm, marks).orElse(null),
                session.getContext().getHttpRequest().getHttpHeaders().getHeaderString(USER_AGENT),
                session.getContext().getConnection().getRemoteAddr(),
                client == null ? null : client.getId());
    }

    private Integer sessions(UserModel user) {
        return wanted.any("risk.sessions") ? (int) session.sessions().getUserSessionsStream(realm, user).count() : null;
    }

    private Instant credentialChangedAt(UserModel user) {
        if (!wanted.any("risk.credential_changed_at")) {
            return null;
        }
        return user.credentialManager()
                .getStoredCredentialsStream()
                .map(CredentialModel::getCreatedDate)
                .filter(created -> created != null && created > 0)
                .max(Comparator.naturalOrder())
                .map(Instant::ofEpochMilli)
                .orElse(null);
    }
}
