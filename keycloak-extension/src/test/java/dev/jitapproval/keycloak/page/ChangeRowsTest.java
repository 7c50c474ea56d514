package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.context.DecisionContext.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeRowsTest {

    @Test
    void oneValueTakesThePlaceOfAnother() {
        assertThat(values(row(List.of("a@x.example"), List.of("b@x.example")))).containsExactly("old a@x.example", "new b@x.example");
    }

    @Test
    void amongSeveralValuesOnlyWhatGoesAndComesIsTold() {
        assertThat(values(row(List.of("a", "b"), List.of("b", "c", "d")))).containsExactly("removed a", "added c", "added d");
    }

    @Test
    void whatWasOrWillBeEmptyIsTold() {
        assertThat(values(row(List.of(), List.of("b")))).containsExactly("added b");
        assertThat(values(row(List.of("a"), List.of()))).containsExactly("removed a");
        assertThat(values(row(null, List.of("b")))).containsExactly("added b");
    }

    @Test
    void anotherOrderIsAChangeToo() {
        assertThat(values(row(List.of("a", "b"), List.of("b", "a")))).containsExactly("old a, b", "new b, a");
    }

    @Test
    void whatIsTheSameAfterwardsIsCalledSo() {
        assertThat(values(row(List.of("production"), List.of("production")))).containsExactly("same production");
    }

    @Test
    void aFieldWhoseValuesAreNotToldStays() {
        Map<String, Object> model = model(new Change(List.of("password"), null, null));
        assertThat(rows(model)).singleElement().satisfies(row ->
                assertThat(row).containsEntry("field", "password").containsEntry("key", "password").containsEntry("values", List.of()));
    }

    @Test
    void valuesThatLookAlikeAreMarked() {
        assertThat(row(List.of("bob"), List.of("bo\u200Bb"))).containsEntry("alike", true);
        assertThat(row(List.of("x".repeat(300) + "1"), List.of("x".repeat(300) + "2"))).containsEntry("alike", true);
        assertThat(row(List.of("bob"), List.of("rob"))).containsEntry("alike", false);
    }

    @Test
    void aValueOfWhichNothingCanBeSeenIsStillThere() {
        assertThat(values(row(List.of("a"), List.of("\u202E \u200B")))).containsExactly("old a", "new ");
    }

    @Test
    void whatIsLeftOutIsCounted() {
        List<String> many = IntStream.range(0, 25).mapToObj(Integer::toString).toList();
        assertThat(row(List.of(), many)).containsEntry("leftOut", 15);
        assertThat(row(many, List.of("x"))).containsEntry("leftOut", 15);
        Map<String, Object> model = model(new Change(many, null, null));
        assertThat(rows(model)).hasSize(20);
        assertThat(model).containsEntry("changesLeftOut", 5);
    }

    @Test
    void aFieldThatMightBeAnotherMessageIsCalledByItsOwnName() {
        assertThat(rows(model(new Change(List.of("{0} ${x}"), null, null))))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("field", "{0} $ {x}").containsEntry("key", ""));
    }

    @Test
    void whereNothingChangesThereAreNoRows() {
        assertThat(rows(model(null))).isEmpty();
    }

    private static Map<String, Object> row(List<String> before, List<String> after) {
        Change change = new Change(List.of("groups"), before == null ? null : Map.of("groups", before), Map.of("groups", after));
        return rows(model(change)).get(0);
    }

    private static Map<String, Object> model(Change change) {
        Map<String, Object> model = new HashMap<>();
        ChangeRows.put(model, change);
        return model;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Map<String, Object> model) {
        return (List<Map<String, Object>>) model.get("changes");
    }

    @SuppressWarnings("unchecked")
    private static List<String> values(Map<String, Object> row) {
        return ((List<Map<String, String>>) row.get("values"))
                .stream().map(value -> value.get("kind") + " " + value.get("text")).toList();
    }
}
