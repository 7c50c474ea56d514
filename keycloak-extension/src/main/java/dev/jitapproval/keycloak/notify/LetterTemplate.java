package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.page.Messages;
import java.io.IOException;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.keycloak.email.EmailException;
import org.keycloak.email.freemarker.FreeMarkerEmailTemplateProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Keycloak's own way from a template of the realm's email theme to texts, without its sending at the end: the network must wait until
 * the transaction is over.
 */
final class LetterTemplate extends FreeMarkerEmailTemplateProvider {

    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    LetterTemplate(KeycloakSession session, RealmModel realm, UserModel user) {
        super(session);
        setRealm(realm);
        setUser(user);
    }

    /**
     * The texts of the realm's email theme.
     *
     * @throws IllegalStateException if the theme cannot be read
     */
    Messages messages(Locale locale) {
        try {
            Properties texts = getTheme().getEnhancedMessages(realm, locale);
            return (key, arguments) ->
                    texts.containsKey(key) ? new MessageFormat(texts.getProperty(key), locale).format(arguments) : key;
        } catch (IOException e) {
            throw new IllegalStateException("the texts of the realm's email theme cannot be read", e);
        }
    }

    /** @throws IllegalStateException if the theme's template or message is broken */
    Writing write(String subjectKey, List<Object> subjectParts, String template, Map<String, Object> attributes) {
        try {
            EmailTemplate written = processTemplate(subjectKey, subjectParts, template, attributes);
            // Whatever a theme's message says, a header is one line.
            String subject = BREAKS.matcher(written.getSubject()).replaceAll(" ").strip();
            return new Writing(subject, written.getTextBody(), written.getHtmlBody());
        } catch (EmailException e) {
            throw new IllegalStateException("the mail's template " + template + " cannot be filled in", e);
        }
    }
}
