package dev.jitapproval.keycloak.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.keycloak.email.EmailAuthenticator.AuthenticatorType;
import org.keycloak.email.EmailException;

class SmtpSenderTest {

    private static final Mail MAIL = new Mail("bob@bücher.example", "Genehmigung nötig: alice → Konsole", "text ü", "<p>html ü</p>",
            "<r.1.x@acme.example>", "<r@acme.example>");

    private final Map<String, String> settings = new HashMap<>(Map.of("host", "mail.example", "from", "keycloak@acme.example"));

    private MimeMessage message() throws Exception {
        SmtpSettings read = new SmtpSettings(settings);
        return SmtpSender.message(Session.getInstance(new Properties()), read, read.address(MAIL.address()), MAIL);
    }

    @Test
    void aMailHasItsOwnIdAndSaysThatAMachineWroteIt() throws Exception {
        MimeMessage message = message();
        assertThat(message.getHeader("Message-ID")).containsExactly("<r.1.x@acme.example>");
        assertThat(message.getHeader("References")).containsExactly("<r@acme.example>");
        assertThat(message.getHeader("In-Reply-To")).containsExactly("<r@acme.example>");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(message.getSubject()).isEqualTo(MAIL.subject());
        assertThat(message.getHeader("To")).containsExactly("bob@xn--bcher-kva.example");
        assertThat(message.getSentDate()).isNotNull();
        MimeMultipart parts = (MimeMultipart) message.getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo("text ü");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    }

    @Test
    void senderAndReplyToAreTheRealms() throws Exception {
        assertThat(message().getReplyTo()[0].toString()).isEqualTo("keycloak@acme.example");
        settings.putAll(Map.of("fromDisplayName", "Acme", "replyTo", "desk@acme.example", "replyToDisplayName", "Desk"));
        assertThat(message().getFrom()[0].toString()).isEqualTo("Acme <keycloak@acme.example>");
        assertThat(message().getReplyTo()[0].toString()).isEqualTo("Desk <desk@acme.example>");
    }

    @Test
    void theSettingsOfTheAdminConsoleReachJakartaMail() throws Exception {
        settings.putAll(Map.of("port", "2525", "envelopeFrom", "bounce@acme.example", "debug", "true", "allowutf8", "true",
                "timeout", "3000", "connectionTimeout", "2000", "writeTimeout", "1000"));
        Properties properties = new SmtpSettings(settings).properties(null);
        assertThat(properties)
                .containsEntry("mail.smtp.host", "mail.example")
                .containsEntry("mail.smtp.port", "2525")
                .containsEntry("mail.smtp.from", "bounce@acme.example")
                .containsEntry("mail.debug", "true")
                .containsEntry("mail.mime.allowutf8", "true")
                .containsEntry("mail.smtp.timeout", "3000")
                .containsEntry("mail.smtp.connectiontimeout", "2000")
                .containsEntry("mail.smtp.writetimeout", "1000")
                .containsEntry("mail.from", "keycloak@acme.example")
                .doesNotContainKey("mail.smtp.auth")
                .doesNotContainKey("mail.smtp.starttls.enable");
        assertThat(new SmtpSettings(settings).address("bob@bücher.example").getAddress()).isEqualTo("bob@bücher.example");
    }

    @Test
    void waysToSignInAreTheRealms() {
        assertThat(new SmtpSettings(settings).authenticator()).isEqualTo(AuthenticatorType.NONE);
        settings.put("auth", "true");
        assertThat(new SmtpSettings(settings).authenticator()).isEqualTo(AuthenticatorType.BASIC);
        settings.put("authType", "token");
        assertThat(new SmtpSettings(settings).authenticator()).isEqualTo(AuthenticatorType.TOKEN);
    }

    @Test
    void anAddressThatWouldBreakOutOfItsHeaderIsRefused() {
        SmtpSettings read = new SmtpSettings(settings);
        for (String address : new String[] {"bob@x.example\r\nBcc: eve@x.example", "bob", "bob@x, eve@x", "bób@x.example", null}) {
            assertThatThrownBy(() -> read.address(address)).as("%s", address).isInstanceOf(EmailException.class);
        }
    }
}
