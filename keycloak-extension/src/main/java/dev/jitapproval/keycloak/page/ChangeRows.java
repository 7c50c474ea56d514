package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.review.SafeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changes, one row for each field, as the templates of pages and mails read it. What a row says is true of the values themselves and
 * not only of what can be seen of them: two that look alike are marked.
 */
public final class ChangeRows {

    /** More than any form of Keycloak has; what is left out is counted. */
    private static final int FIELDS = 20;

    /** Values of one field on one side. */
    private static final int VALUES = 10;

    /** Fields that {@code jitField.} has words for. Every other one is called as it is called in Keycloak. */
    private static final Set<String> SAID = Set.of(
            "username", "email", "firstName", "lastName", "locale", "password", "otp", "passkey", "security-key", "recovery-codes",
            "credential", "identity-provider", "role", "group", "policy", "version", "deleted");

    private ChangeRows() {}

    /**
     * Puts the rows of a change into a template's model: {@code changes}, and {@code changesLeftOut}, the number of fields without a row.
     *
     * <p>A row has {@code field}, its {@code key} in {@code jitField.} or {@code ""}, and {@code values}, which is empty where they are
     * not told. A value has a {@code kind} ({@code old} and {@code new} where one takes the place of another, else {@code removed} and
     * {@code added}; {@code same} where nothing comes or goes) and its {@code text}, which is {@code ""} where nothing of it can be seen.
     * {@code leftOut} counts the values that are not shown; {@code alike} says that an old and a new one differ in nothing that is.
     *
     * @param change or null
     */
    public static void put(Map<String, Object> model, Change change) {
        List<String> fields = change == null ? List.of() : change.fields();
        model.put("changes", fields.stream().limit(FIELDS).map(field -> row(field, change)).toList());
        model.put("changesLeftOut", Math.max(0, fields.size() - FIELDS));
    }

    private static Map<String, Object> row(String field, Change change) {
        List<String> before = valuesOf(change.before(), field);
        List<String> after = valuesOf(change.after(), field);
        List<String> removed = without(before, after);
        List<String> added = without(after, before);
        List<Map<String, String>> values = new ArrayList<>();
        if (before.equals(after)) {
            before.stream().limit(VALUES).forEach(value -> values.add(value("same", value)));
            return row(field, values, before.size() - values.size(), false);
        }
        boolean rearranged = removed.isEmpty() && added.isEmpty();
        if (rearranged || before.size() == 1 && after.size() == 1) {
            values.add(value("old", String.join(", ", before)));
            values.add(value("new", String.join(", ", after)));
            return row(field, values, 0, isAlike(removed, added));
        }
        removed.stream().limit(VALUES).forEach(value -> values.add(value("removed", value)));
        added.stream().limit(VALUES).forEach(value -> values.add(value("added", value)));
        return row(field, values, removed.size() + added.size() - values.size(), isAlike(removed, added));
    }

    private static Map<String, Object> row(String field, List<Map<String, String>> values, int leftOut, boolean alike) {
        Map<String, Object> row = new HashMap<>();
        row.put("field", SafeText.line(field));
        row.put("key", SAID.contains(field) ? field : "");
        row.put("values", values);
        row.put("leftOut", leftOut);
        row.put("alike", alike);
        return row;
    }

    private static boolean isAlike(List<String> removed, List<String> added) {
        List<String> shown = removed.stream().map(SafeText::line).toList();
        return added.stream().map(SafeText::line).anyMatch(shown::contains);
    }

    private static List<String> without(List<String> values, List<String> others) {
        return values.stream().filter(value -> !others.contains(value)).toList();
    }

    private static Map<String, String> value(String kind, String text) {
        return Map.of("kind", kind, "text", SafeText.line(text));
    }

    private static List<String> valuesOf(Map<String, List<String>> values, String field) {
        return values == null ? List.of() : values.getOrDefault(field, List.of());
    }
}
