package dev.jitapproval.keycloak.review;

import java.util.regex.Pattern;

/**
 * Text that other people wrote, made fit to be shown to somebody who decides. HTML is escaped by the templates; this takes away
 * what escaping leaves: characters that turn the writing direction, that cannot be seen, that break a line or a mail header, or
 * that Keycloak's messages would take for a placeholder.
 */
public final class SafeText {

    private static final int MAX_LINE = 200;
    private static final int MAX_BLOCK = 2_000;
    private static final String ELLIPSIS = "…";

    /** Controls, direction marks, zero-width characters and the like: general categories Cc, Cf, Co, Cn and surrogates. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}&&[^\\t\\n\\r]]");
    private static final Pattern BREAKS = Pattern.compile("\\r\\n|[\\r\\n\\u2028\\u2029\\u0085]");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Zs}]+");
    private static final Pattern MANY_BREAKS = Pattern.compile("\\n{3,}");

    private SafeText() {}

    /** One line, at most 200 characters; {@code ""} for {@code null}. */
    public static String line(String text) {
        if (text == null) {
            return "";
        }
        String broken = BREAKS.matcher(text).replaceAll(" ");
        String seen = UNSEEN.matcher(broken).replaceAll("");
        return cut(noPlaceholder(BLANKS.matcher(seen).replaceAll(" ").strip()), MAX_LINE);
    }

    /** Several lines, at most 2,000 characters; {@code ""} for {@code null}. */
    public static String block(String text) {
        if (text == null) {
            return "";
        }
        String broken = BREAKS.matcher(text).replaceAll("\n");
        String seen = UNSEEN.matcher(broken).replaceAll("");
        return cut(noPlaceholder(MANY_BREAKS.matcher(seen).replaceAll("\n\n").strip()), MAX_BLOCK);
    }

    private static String noPlaceholder(String text) {
        return text.replace("${", "$ {");
    }

    private static String cut(String text, int max) {
        if (text.codePointCount(0, text.length()) <= max) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, max - 1)).stripTrailing() + ELLIPSIS;
    }
}
