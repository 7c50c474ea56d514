package dev.jitapproval.keycloak.notify;

/**
 * A mail ready to be sent.
 *
 * @param address the recipient's
 * @param subject one line
 * @param text for programs that show no HTML
 * @param html the same for those that do
 * @param messageId the same however often it is sent
 * @param thread the id that all mails about one request refer to
 */
record Mail(String address, String subject, String text, String html, String messageId, String thread) {}
