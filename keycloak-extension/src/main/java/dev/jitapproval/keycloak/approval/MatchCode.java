package dev.jitapproval.keycloak.approval;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;

/**
 * The short code on the requester's page, by which an approver makes sure that they speak with the person whose request they see. It
 * proves that the two have talked; it is no password.
 */
final class MatchCode {

    /** Without letters and digits that are mistaken for each other when read aloud or copied. */
    private static final String ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    private static final int LENGTH = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    private MatchCode() {}

    /** A new one, such as {@code K7Q-4MX}. */
    static String next() {
        StringBuilder code = new StringBuilder(LENGTH + 1);
        for (int i = 0; i < LENGTH; i++) {
            if (i == LENGTH / 2) {
                code.append('-');
            }
            code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /** Whether somebody typed this code, in whatever case and with whatever separators. */
    static boolean matches(String code, String typed) {
        return typed != null && MessageDigest.isEqual(bytes(code), bytes(typed));
    }

    private static byte[] bytes(String code) {
        return code.replaceAll("[^\\p{Alnum}]", "").toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }
}
