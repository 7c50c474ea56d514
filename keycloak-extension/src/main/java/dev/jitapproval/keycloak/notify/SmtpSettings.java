package dev.jitapproval.keycloak.notify;

import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.keycloak.common.enums.HostnameVerificationPolicy;
import org.keycloak.email.EmailAuthenticator.AuthenticatorType;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailSenderProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.truststore.JSSETruststoreConfigurator;
import org.keycloak.utils.EmailValidationUtil;
import org.keycloak.utils.SMTPUtil;
import org.keycloak.utils.StringUtil;

/**
 * A realm's mail settings as Keycloak 26.7 understands them: the names that the admin console stores, and Jakarta Mail's names for what
 * they mean.
 */
final class SmtpSettings {

    private static final String DEFAULT_TIMEOUT_MILLIS = "10000";

    private final Map<String, String> settings;

    SmtpSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    /** How to sign in to the mail server. */
    AuthenticatorType authenticator() {
        return isTrue("auth")
                ? AuthenticatorType.valueOf(settings.getOrDefault("authType", "basic").toUpperCase(Locale.ROOT))
                : AuthenticatorType.NONE;
    }

    /** Whom the mail is from. */
    InternetAddress from() throws EmailException {
        return named(settings.get("from"), settings.get("fromDisplayName"));
    }

    /** Whom an answer goes to; the sender, where the realm says nothing else. */
    InternetAddress replyTo() throws EmailException {
        String replyTo = settings.get("replyTo");
        return StringUtil.isNotBlank(replyTo) ? named(replyTo, settings.get("replyToDisplayName")) : from();
    }

    /** An address that can be written to: its domain in ASCII, unless the mail server takes UTF-8. */
    InternetAddress address(String address) throws EmailException {
        return named(address, null);
    }

    /** What Jakarta Mail needs to know. */
    Properties properties(KeycloakSession session) throws EmailException {
        Properties properties = new Properties();
        copy("host", properties, "mail.smtp.host");
        copy("port", properties, "mail.smtp.port");
        copy("envelopeFrom", properties, "mail.smtp.from");
        boolean token = authenticator() == AuthenticatorType.TOKEN;
        set(isTrue("auth"), properties, "mail.smtp.auth", "true");
        set(token, properties, "mail.smtp.auth.mechanisms", "XOAUTH2");
        set(isTrue("debug"), properties, "mail.debug", "true");
        set(isTrue("ssl"), properties, "mail.smtp.ssl.enable", "true");
        set(isTrue("starttls"), properties, "mail.smtp.starttls.enable", "true");
        set(allowsUtf8(), properties, "mail.mime.allowutf8", "true");
        properties.setProperty("mail.smtp.connectiontimeout", settings.getOrDefault("connectionTimeout", DEFAULT_TIMEOUT_MILLIS));
        properties.setProperty("mail.smtp.timeout", settings.getOrDefault("timeout", DEFAULT_TIMEOUT_MILLIS));
        properties.setProperty("mail.smtp.writetimeout", settings.getOrDefault("writeTimeout", DEFAULT_TIMEOUT_MILLIS));
        // Otherwise Jakarta Mail asks DNS for this machine's name, which is slow and tells too much.
        properties.setProperty("mail.from", from().getAddress());
        if (isTrue("ssl") || isTrue("starttls") || isTrue("auth")) {
            trust(session, properties);
        }
        return properties;
    }

    private static void trust(KeycloakSession session, Properties properties) throws EmailException {
        try {
            String[] protocols = SSLContext.getDefault().getSupportedSSLParameters().getProtocols();
            properties.setProperty("mail.smtp.ssl.protocols", String.join(" ", Arrays.asList(protocols)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new EmailException("this Java knows no TLS", e);
        }
        JSSETruststoreConfigurator truststore = new JSSETruststoreConfigurator(session);
        SSLSocketFactory sockets = truststore.getSSLSocketFactory();
        if (sockets == null) {
            return;
        }
        properties.put("mail.smtp.ssl.socketFactory", sockets);
        boolean anyName = truststore.getProvider().getPolicy() == HostnameVerificationPolicy.ANY;
        set(anyName, properties, "mail.smtp.ssl.trust", "*");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", Boolean.toString(!anyName));
    }

    private InternetAddress named(String address, String name) throws EmailException {
        String usable = usable(address);
        try {
            return StringUtil.isNotBlank(name)
                    ? new InternetAddress(usable, name, "utf-8")
                    : new InternetAddress(usable);
        } catch (UnsupportedEncodingException | jakarta.mail.internet.AddressException e) {
            throw new EmailException("the mail address `" + address + "` is no address", e);
        }
    }

    private String usable(String address) throws EmailException {
        if (address != null && EmailValidationUtil.isValidEmail(address)) {
            String usable = allowsUtf8() ? address : SMTPUtil.convertIDNEmailAddress(address);
            if (usable != null && (allowsUtf8() || usable.chars().allMatch(c -> c < 128))) {
                return usable;
            }
        }
        throw new EmailException("`" + address + "` is no mail address that the realm's mail settings can write to");
    }

    private boolean allowsUtf8() {
        return isTrue(EmailSenderProvider.CONFIG_ALLOW_UTF8);
    }

    private boolean isTrue(String name) {
        return "true".equals(settings.get(name));
    }

    private void copy(String name, Properties properties, String property) {
        String value = settings.get(name);
        set(StringUtil.isNotBlank(value), properties, property, value);
    }

    private static void set(boolean wanted, Properties properties, String property, String value) {
        if (wanted) {
            properties.setProperty(property, value);
        }
    }
}
