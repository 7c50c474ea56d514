package dev.jitapproval.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserSecretTest {

    @Test
    void carriesTwoHundredFiftySixBits() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String value = BrowserSecret.random().value();
            assertThat(java.util.Base64.getUrlDecoder().decode(value)).hasSize(32);
            assertThat(seen.add(value)).isTrue();
        }
    }

    @Test
    void comesBackFromItsCookie() {
        BrowserSecret secret = BrowserSecret.random();
        assertThat(BrowserSecret.parse(secret.value())).hasValueSatisfying(same -> {
            assertThat(same.hash()).isEqualTo(secret.hash());
            assertThat(same.matches(secret.hash())).isTrue();
        });
    }

    @Test
    void isStoredAsTheSha256OfItsValue() {
        BrowserSecret secret = BrowserSecret.parse("A".repeat(43)).orElseThrow();
        // printf 'A%.0s' {1..43} | sha256sum
        assertThat(secret.hash()).isEqualTo("sha256:0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a");
        assertThat(secret.hash()).doesNotContain(secret.value());
    }

    @Test
    void matchesNobodyElse() {
        BrowserSecret secret = BrowserSecret.random();
        assertThat(secret.matches(BrowserSecret.random().hash())).isFalse();
        assertThat(secret.matches(secret.value())).isFalse();
        assertThat(secret.matches("")).isFalse();
        assertThat(secret.matches(null)).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"})
    void refusesACookieThatItCannotHaveMade(String cookie) {
        assertThat(BrowserSecret.parse(cookie)).isEmpty();
    }

    @Test
    void doesNotEndInALog() {
        BrowserSecret secret = BrowserSecret.random();
        assertThat(secret.toString()).doesNotContain(secret.value());
    }
}
