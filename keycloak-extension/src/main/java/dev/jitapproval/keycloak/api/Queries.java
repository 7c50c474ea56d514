package dev.jitapproval.keycloak.api;

import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Strictness about query parameters: a filter with a slip in its name must not silently filter nothing. */
public final class Queries {

    private Queries() {}

    /**
     * Refuses every parameter that a call does not know, every one that is given twice, and every one that is empty.
     *
     * @throws Problem 400
     */
    public static void only(UriInfo uri, String... known) {
        Set<String> names = Set.of(known);
        for (Map.Entry<String, List<String>> given : uri.getQueryParameters().entrySet()) {
            if (!names.contains(given.getKey())) {
                throw Problem.of(ProblemType.UNKNOWN_PARAMETER,
                                "There is no query parameter `" + shorten(given.getKey()) + "`. "
                                        + Suggestions.sentence(given.getKey(), names))
                        .with("parameter", shorten(given.getKey()));
            }
            if (given.getValue().stream().anyMatch(String::isEmpty)) {
                throw Problem.invalidParameter(given.getKey(), "must not be empty; leave it out instead.");
            }
            if (given.getValue().size() > 1) {
                throw Problem.invalidParameter(given.getKey(), "may be given once.");
            }
        }
    }

    /** An instant of RFC 3339, or null where the parameter is not given. @throws Problem 400, if it is none */
    public static Instant instant(String name, String written) {
        if (written == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(written).toInstant();
        } catch (DateTimeParseException notAnInstant) {
            throw Problem.invalidParameter(name, "must be an instant of RFC 3339, such as 2026-01-31T12:00:00Z.");
        }
    }

    /** One of several words, or null where the parameter is not given. @throws Problem 400, if it is none of them */
    public static String oneOf(String name, String written, Collection<String> words) {
        if (written == null || words.contains(written)) {
            return written;
        }
        throw Problem.invalidParameter(name, "must be one of: " + String.join(", ", words) + ".");
    }

    private static String shorten(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}
