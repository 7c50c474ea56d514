package dev.jitapproval.keycloak.notify;

/**
 * A letter in its reader's language.
 *
 * @param subject one line
 * @param text for programs that show no HTML
 * @param html the same for those that do
 */
record Writing(String subject, String text, String html) {}
