package dev.jitapproval.keycloak.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {

    static final Marks KEY = marks("a key of the realm");
    static final Marks OTHER_KEY = marks("another key of the realm");

    static Marks marks(String key) {
        return new Marks(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
    }

    @Test
    void anAddressIsMarkedAlikeHoweverItIsWritten() {
        assertThat(KEY.ip("u", "2001:db8::1")).isPresent().isEqualTo(KEY.ip("u", "2001:0DB8:0:0:0:0:0:1"));
        assertThat(KEY.ip("u", "203.0.113.7")).isPresent().isEqualTo(KEY.ip("u", "::ffff:203.0.113.7"));
        assertThat(KEY.ip("u", "fe80::1%eth0")).isPresent().isEqualTo(KEY.ip("u", "fe80::1"));
    }

    @Test
    void aMarkTellsNeitherTheAddressNorThatItIsSomebodyElsesToo() {
        String mark = KEY.ip("u", "203.0.113.7").orElseThrow();
        assertThat(mark).hasSize(43).doesNotContain("203");
        assertThat(KEY.ip("other", "203.0.113.7")).isPresent().isNotEqualTo(KEY.ip("u", "203.0.113.7"));
        assertThat(OTHER_KEY.ip("u", "203.0.113.7")).isPresent().isNotEqualTo(KEY.ip("u", "203.0.113.7"));
        assertThat(KEY.device("u", "203.0.113.7")).isNotEqualTo(mark);
    }

    @Test
    void aNetworkIsA24OrA48() {
        assertThat(KEY.prefix("u", "203.0.113.7")).isPresent().isEqualTo(KEY.prefix("u", "203.0.113.250"));
        assertThat(KEY.prefix("u", "203.0.113.7")).isNotEqualTo(KEY.prefix("u", "203.0.112.7"));
        assertThat(KEY.prefix("u", "2001:db8:1:2::3")).isPresent().isEqualTo(KEY.prefix("u", "2001:db8:1:ffff::4"));
        assertThat(KEY.prefix("u", "2001:db8:1:2::3")).isNotEqualTo(KEY.prefix("u", "2001:db8:2:2::3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "face", "example.org", "1.2.3", "203.0.113.7 ", "999.1.1.1", ":", "::1::2", "1.2.3.4.5"})
    void whatIsNoAddressHasNoMark(String text) {
        assertThat(KEY.ip("u", text)).isEmpty();
        assertThat(KEY.prefix("u", text)).isEmpty();
        assertThat(KEY.ip("u", null)).isEmpty();
    }

    @Test
    void versionsOfABrowserAreTheSameBrowser() {
        String firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:%s) Gecko/20100101 Firefox/%s";
        assertThat(UserAgent.family(firefox.formatted("130.0", "130.0"))).isEqualTo(UserAgent.family(firefox.formatted("131.0", "131.0")));
        assertThat(UserAgent.family(firefox.formatted("130.0", "130.0")))
                .isNotEqualTo(UserAgent.family("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"));
        assertThat(UserAgent.family("tool/1.0")).isEqualTo(UserAgent.family("tool/2.0")).isNotEqualTo(UserAgent.family("other/1.0"));
        assertThat(UserAgent.family(null)).isEqualTo("|");
    }
}
