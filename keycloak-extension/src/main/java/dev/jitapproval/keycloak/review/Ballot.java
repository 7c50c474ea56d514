package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.approval.Command;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.http.HttpRequest;

/**
 * What the review form sent: a decision, and what was on the screen.
 *
 * @param decision what was pressed
 * @param shown the facts' digest and the stage that the page showed
 * @param comment what was written, or {@code ""}
 * @param matchCode the code that was typed, or {@code null}
 */
record Ballot(Decision decision, Command.Shown shown, String comment, String matchCode) {

    /** The longest comment, in characters; the form says so too. */
    static final int MAX_COMMENT = 1_000;

    private static final int MAX_FIELD = 500;

    /** What the form's buttons stand for. */
    enum Decision {
        APPROVE, DENY, REPORT
    }

    /**
     * Whether the request may decide anything. Keycloak hands a {@code GET} with a valid session code to the action as well, and
     * its cookies go along with posts from other sites, so that only the browser's word tells those apart. A browser too old to
     * give it is let through: the session code stays the defence there.
     */
    static boolean isOwnForm(HttpRequest request) {
        String site = request.getHttpHeaders().getHeaderString("Sec-Fetch-Site");
        return isOwnForm(request.getHttpMethod(), site);
    }

    /** As above, of the method and the header {@code Sec-Fetch-Site}. */
    static boolean isOwnForm(String method, String site) {
        return "POST".equals(method) && (site == null || "same-origin".equals(site));
    }

    /** Reads the form; empty unless it holds one explicit decision and what was shown. */
    static Optional<Ballot> read(MultivaluedMap<String, String> form) {
        Optional<Decision> decision = decision(form);
        String digest = field(form, "digest", MAX_FIELD);
        String stage = field(form, "stage", MAX_FIELD);
        if (decision.isEmpty() || digest.isEmpty() || stage.isEmpty()) {
            return Optional.empty();
        }
        String code = field(form, "match_code", MAX_FIELD);
        String comment = SafeText.block(field(form, "comment", MAX_COMMENT));
        return Optional.of(new Ballot(
                decision.get(), new Command.Shown(digest, stage), comment, code.isEmpty() ? null : code));
    }

    /** The command for the one door through which requests change. */
    Command command(boolean acrReached) {
        String written = comment.isEmpty() ? null : comment;
        Command command = switch (decision) {
            case APPROVE -> Command.approve(shown, written);
            case DENY -> Command.deny(shown, Reports.withoutMark(written));
            case REPORT -> Command.deny(shown, Reports.mark(comment));
        };
        return command.withAcrReached(acrReached).withMatchCode(matchCode);
    }

    private static Optional<Decision> decision(MultivaluedMap<String, String> form) {
        var pressed = form.get("decision");
        if (pressed == null || pressed.size() != 1) {
            return Optional.empty();
        }
        return switch (pressed.get(0)) {
            case "approve" -> Optional.of(Decision.APPROVE);
            case "deny" -> Optional.of(Decision.DENY);
            case "report" -> Optional.of(Decision.REPORT);
            default -> Optional.empty();
        };
    }

    private static String field(MultivaluedMap<String, String> form, String name, int max) {
        String value = form.getFirst(name);
        if (value == null) {
            return "";
        }
        String stripped = value.strip();
        return stripped.length() <= max ? stripped : stripped.substring(0, max);
    }
}
