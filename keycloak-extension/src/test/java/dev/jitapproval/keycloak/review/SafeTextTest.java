package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTextTest {

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("alice", "alice"),
                arguments("bob\u202Eeciv", "bobeciv"),
                arguments("a\u2066b\u2069c\u200Fd\u061Ce", "abcde"),
                arguments("zero\u200Bwidth\uFEFF", "zerowidth"),
                arguments("two\nlines\r\nmore", "two lines more"),
                arguments("Subject\r\nBcc: eve@evil.example", "Subject Bcc: eve@evil.example"),
                arguments("next\u0085line\u2028sep", "next line sep"),
                arguments("nul\0bell\7", "nulbell"),
                arguments("${realm.name}", "$ {realm.name}"),
                arguments("$\u200B{realm}", "$ {realm}"),
                arguments("  many     blanks\u00A0\u3000here ", "many blanks here"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineHoldsOnlyWhatIsSeen(String written, String shown) {
        assertThat(SafeText.line(written)).isEqualTo(shown);
    }

    @Test
    void letterAndScriptsStay() {
        assertThat(SafeText.line("Zoë Łukasz 李 مريم 👩")).isEqualTo("Zoë Łukasz 李 مريم 👩");
    }

    @Test
    void htmlIsLeftToTheTemplates() {
        assertThat(SafeText.line("<b>Bob</b>")).isEqualTo("<b>Bob</b>");
    }

    @Test
    void aLineIsCutBetweenCharacters() {
        String shown = SafeText.line("👩".repeat(300));
        assertThat(shown.codePointCount(0, shown.length())).isEqualTo(200);
        assertThat(shown).endsWith("👩…");
    }

    @Test
    void aBlockKeepsItsLines() {
        assertThat(SafeText.block("one\r\ntwo\n\n\n\n\nthree\u202E")).isEqualTo("one\ntwo\n\nthree");
    }

    @Test
    void nothingIsEmpty() {
        assertThat(SafeText.line(null)).isEmpty();
        assertThat(SafeText.block(null)).isEmpty();
    }
}
