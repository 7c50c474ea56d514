package dev.jitapproval.keycloak.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which part of a list is asked for: {@code ?limit=&cursor=}. A cursor holds the sort key of the last row that was shown, so that rows
 * which are added meanwhile neither repeat nor hide another; to clients it is opaque.
 *
 * <pre>{@code
 * Paging paging = Paging.of("requests", 2, limit, cursor);
 * List<Row> rows = store.list(paging.after().map(key -> new Position(paging.number(key, 0), key.get(1))), paging.fetch());
 * return Page.of(paging, rows, row -> List.of(row.openedAt(), row.id()), Item::of);
 * }</pre>
 */
public final class Paging {

    /** The most rows of a page. */
    public static final int MAX = 200;

    /** The rows of a page where no limit is given. */
    public static final int DEFAULT = 50;

    private static final int LONGEST_CURSOR = 1_000;
    private static final String SEPARATOR = "\n";

    private final String list;
    private final int limit;
    private final List<String> after;

    private Paging(String list, int limit, List<String> after) {
        this.list = list;
        this.limit = limit;
        this.after = after;
    }

    /**
     * Reads the two parameters.
     *
     * @param list the name of the list; a cursor of another one is refused
     * @param parts how many values the list is sorted by
     * @throws Problem 400, if one of them is no use
     */
    public static Paging of(String list, int parts, String limit, String cursor) {
        return new Paging(list, limit(limit), cursor == null ? null : decode(list, parts, cursor));
    }

    /** How many rows the page shows. */
    public int limit() {
        return limit;
    }

    /** How many rows to read: one more than is shown tells whether there is a next page. */
    public int fetch() {
        return limit + 1;
    }

    /** The sort key after which the page begins; empty for the first page. */
    public Optional<List<String>> after() {
        return Optional.ofNullable(after);
    }

    /** A part of {@link #after()} that is a number. @throws Problem 400, if it is none */
    public long number(int part) {
        try {
            return Long.parseLong(after.get(part));
        } catch (NumberFormatException notOurs) {
            throw badCursor();
        }
    }

    /** The cursor of what comes after a row. @param key the row's sort key */
    public String cursorAfter(List<?> key) {
        String plain = list + SEPARATOR + key.stream().map(String::valueOf).collect(Collectors.joining(SEPARATOR));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static int limit(String written) {
        if (written == null) {
            return DEFAULT;
        }
        try {
            int value = Integer.parseInt(written);
            if (value >= 1 && value <= MAX) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, with what would be right.
        }
        throw Problem.invalidParameter("limit", "must be a whole number from 1 to " + MAX + ".");
    }

    private static List<String> decode(String list, int parts, String cursor) {
        if (cursor.length() > LONGEST_CURSOR) {
            throw badCursor();
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> read = Arrays.asList(plain.split(SEPARATOR, -1));
            if (read.size() == parts + 1 && read.get(0).equals(list)) {
                return read.subList(1, read.size());
            }
        } catch (IllegalArgumentException notBase64) {
            // Told below, with what would be right.
        }
        throw badCursor();
    }

    private static Problem badCursor() {
        return Problem.invalidParameter("cursor", "must be what the member next of the same list said.");
    }
}
