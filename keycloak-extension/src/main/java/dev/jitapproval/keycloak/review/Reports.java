package dev.jitapproval.keycloak.review;

/**
 * Denials that say: this is not whom, or not what, it claims to be. The comment carries the mark, so that the history tells it
 * for ever. Such a comment is for administrators; the requester, who may be the intruder, never reads it.
 */
public final class Reports {

    private static final String MARK = "[reported]";

    private Reports() {}

    /** Whether the comment of a denial reports it. */
    public static boolean isReport(String comment) {
        return comment != null && comment.startsWith(MARK);
    }

    /** A comment that reports. */
    static String mark(String comment) {
        return (MARK + " " + comment).strip();
    }

    /** What was written beside the mark. */
    public static String withoutMark(String comment) {
        return isReport(comment) ? comment.substring(MARK.length()).strip() : comment;
    }
}
