package dev.jitapproval.keycloak.notify;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailAuthenticator;
import org.keycloak.email.EmailAuthenticator.AuthenticatorType;
import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSession;

/** Sends over SMTP with the headers that Keycloak's own sender has no room for, and with its ways of signing in. */
final class SmtpSender implements MailSender {

    private static final Logger LOG = Logger.getLogger(SmtpSender.class);
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final KeycloakSession session;
    private final Map<AuthenticatorType, EmailAuthenticator> authenticators;

    SmtpSender(KeycloakSession session, Map<AuthenticatorType, EmailAuthenticator> authenticators) {
        this.session = session;
        this.authenticators = authenticators;
    }

    @Override
    public void send(Map<String, String> configured, Mail mail) throws EmailException, MessagingException {
        SmtpSettings settings = new SmtpSettings(configured);
        InternetAddress to = settings.address(mail.address());
        Session smtp = Session.getInstance(settings.properties(session));
        MimeMessage message = message(smtp, settings, to, mail);
        Transport transport = smtp.getTransport("smtp");
        try {
            authenticators.get(settings.authenticator()).connect(session, configured, transport);
            transport.sendMessage(message, new Address[] {to});
        } finally {
            close(transport);
        }
    }

    static MimeMessage message(Session smtp, SmtpSettings settings, InternetAddress to, Mail mail)
            throws EmailException, MessagingException {
        MimeMessage message = new IdentifiedMessage(smtp, mail.messageId());
        message.setFrom(settings.from());
        message.setReplyTo(new Address[] {settings.replyTo()});
        message.setRecipient(Message.RecipientType.TO, to);
        message.setSubject(mail.subject(), UTF_8);
        message.setHeader("References", mail.thread());
        message.setHeader("In-Reply-To", mail.thread());
        // RFC 3834: nobody's holiday notice shall answer this.
        message.setHeader("Auto-Submitted", "auto-generated");
        MimeBodyPart text = new MimeBodyPart();
        text.setText(mail.text(), UTF_8);
        MimeBodyPart html = new MimeBodyPart();
        html.setContent(mail.html(), "text/html; charset=UTF-8");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.setSentDate(new Date());
        message.saveChanges();
        return message;
    }

    /** The mail server has taken the mail by then; a bad good-bye must not send it again. */
    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException badGoodbye) {
            LOG.debug("the connection to the mail server did not end well", badGoodbye);
        }
    }

    /** Jakarta Mail gives every message a new id when it is saved; this one keeps its own. */
    private static final class IdentifiedMessage extends MimeMessage {

        private final String id;

        IdentifiedMessage(Session smtp, String id) {
            super(smtp);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
