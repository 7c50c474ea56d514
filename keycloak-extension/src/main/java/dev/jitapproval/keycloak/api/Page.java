package dev.jitapproval.keycloak.api;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param items in the list's order
 * @param next the cursor of the page after this one, or null where this is the last
 */
public record Page<T>(List<T> items, String next) {

    /**
     * Makes a page out of rows that were read with {@link Paging#fetch()} as their limit.
     *
     * @param key of the last row that a page shows: the values that the list is sorted by, which no two rows share
     */
    public static <R, T> Page<T> of(Paging paging, List<R> rows, Function<R, List<?>> key, Function<R, T> item) {
        boolean more = rows.size() > paging.limit();
        List<R> shown = more ? rows.subList(0, paging.limit()) : rows;
        String next = more ? paging.cursorAfter(key.apply(shown.get(shown.size() - 1))) : null;
        return new Page<>(shown.stream().map(item).toList(), next);
    }
}
