package dev.jitapproval.keycloak.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {

    @Test
    void walksThroughAListWithoutRepeatingOrLeavingOut() {
        List<Integer> all = IntStream.range(0, 25).boxed().toList();
        Paging paging = Paging.of("numbers", 1, "10", null);
        Page<Integer> first = page(all, paging);
        Page<Integer> second = page(all, Paging.of("numbers", 1, "10", first.next()));
        Page<Integer> third = page(all, Paging.of("numbers", 1, "10", second.next()));

        assertThat(first.items()).isEqualTo(all.subList(0, 10));
        assertThat(second.items()).isEqualTo(all.subList(10, 20));
        assertThat(third.items()).isEqualTo(all.subList(20, 25));
        assertThat(third.next()).isNull();
    }

    @Test
    void aFullLastPageHasNoNext() {
        assertThat(page(IntStream.range(0, 10).boxed().toList(), Paging.of("numbers", 1, "10", null)).next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "ten", "", "1e2", "99999999999"})
    void refusesLimits(String limit) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Paging.of("numbers", 1, limit, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "bm90aGluZw", "bnVtYmVycwox", "AAAA"})
    void refusesCursorsOfItsOwnInvention(String cursor) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Paging.of("numbers", 2, "10", cursor));
    }

    @Test
    void refusesTheCursorOfAnotherList() {
        String cursor = Paging.of("events", 1, null, null).cursorAfter(List.of(7));
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Paging.of("numbers", 1, null, cursor));
    }

    @Test
    void refusesACursorWhoseNumberIsNone() {
        Paging paging = Paging.of("numbers", 1, null, Paging.of("numbers", 1, null, null).cursorAfter(List.of("x")));
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> paging.number(0));
    }

    private static Page<Integer> page(List<Integer> all, Paging paging) {
        long after = paging.after().map(key -> paging.number(0)).orElse(-1L);
        List<Integer> rows = all.stream().filter(number -> number > after).limit(paging.fetch()).toList();
        return Page.of(paging, rows, List::of, number -> number);
    }
}
