package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.observe.Observations;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Sends mails through the realm's mail settings, on a thread of its own: a person waits for the one that has the reason. */
final class MailRoom {

    private static final Logger LOG = Logger.getLogger(MailRoom.class);
    private static final String EXECUTOR = "jit-approval-mail";

    private final KeycloakSessionFactory sessions;
    private final ExecutorService executor;
    private final String realmId;

    MailRoom(KeycloakSession session, RealmModel realm) {
        this.sessions = session.getKeycloakSessionFactory();
        this.executor = session.getProvider(ExecutorsProvider.class).getExecutor(EXECUTOR);
        this.realmId = realm.getId();
    }

    /**
     * Sends a letter to each of the users, later.
     *
     * @param link where the letter leads
     */
    void post(Letter letter, List<String> userIds, String link) {
        if (!userIds.isEmpty()) {
            executor.execute(() -> userIds.forEach(userId -> send(letter, userId, link)));
        }
    }

    private void send(Letter letter, String userId, String link) {
        try {
            KeycloakModelUtils.runJobInTransaction(sessions, session -> {
                RealmModel realm = session.realms().getRealm(realmId);
                if (realm != null) {
                    session.getContext().setRealm(realm);
                    send(session, realm, letter, session.users().getUserById(realm, userId), link);
                }
            });
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "A mail about request %s could not be written", letter.request().id());
        }
    }

    private static void send(KeycloakSession session, RealmModel realm, Letter letter, UserModel user, String link) {
        if (user == null || user.getEmail() == null || user.getEmail().isBlank()) {
            return;
        }
        Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());
        Locale locale = session.getContext().resolveLocale(user, true);
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("jit", letter.model(locale, now, link));
        try {
            session.getProvider(EmailTemplateProvider.class).setRealm(realm).setUser(user)
                    .send(letter.subjectKey(), letter.subjectParts(locale, now), letter.kind().template(), attributes);
            Observations.mailed(realm.getName(), true);
        } catch (EmailException failed) {
            Observations.mailed(realm.getName(), false);
            LOG.warnf(failed, "The mail about request %s to user %s was not sent; the request also stands in the inbox",
                    letter.request().id(), user.getUsername());
        }
    }
}
