package dev.jitapproval.keycloak.notify;

import java.util.Map;
import org.keycloak.email.DefaultEmailSenderProvider;
import org.keycloak.email.DefaultEmailSenderProviderFactory;
import org.keycloak.email.EmailSenderProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderFactory;

/** Sends a mail as the realm's settings say. */
interface MailSender {

    /**
     * Sends a mail; returns once the mail server has taken it.
     *
     * @param settings the realm's
     * @throws Exception if it has not
     */
    void send(Map<String, String> settings, Mail mail) throws Exception;

    /**
     * Keycloak's own sender takes no headers, so in its place this extension speaks to the mail server itself. A sender that
     * somebody has installed instead is used as it is: its mails have whatever Message-ID it gives them.
     */
    static MailSender of(KeycloakSession session) {
        EmailSenderProvider installed = session.getProvider(EmailSenderProvider.class);
        ProviderFactory<EmailSenderProvider> factory =
                session.getKeycloakSessionFactory().getProviderFactory(EmailSenderProvider.class);
        if (installed.getClass() == DefaultEmailSenderProvider.class && factory instanceof DefaultEmailSenderProviderFactory known) {
            return new SmtpSender(session, known.getEmailAuthenticators());
        }
        return (settings, mail) -> installed.send(settings, mail.address(), mail.subject(), mail.text(), mail.html());
    }
}
