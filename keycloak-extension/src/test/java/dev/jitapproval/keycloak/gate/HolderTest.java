package dev.jitapproval.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class HolderTest {

    @Test
    void aBrowserIsKnownByItsSecret() {
        BrowserSecret secret = BrowserSecret.random();

        assertThat(Holder.browser(secret).hash()).isEqualTo(secret.hash());
        assertThat(Holder.browser(secret).matches(secret.hash())).isTrue();
        assertThat(Holder.browser(BrowserSecret.random()).matches(secret.hash())).isFalse();
        assertThat(Holder.browser(secret).secret()).contains(secret);
    }

    @Test
    void aBackChannelIsKnownByWhatItProvesAgain() {
        Holder holder = Holder.backChannel("client", "user", "192.0.2.7");

        assertThat(holder.matches(Holder.backChannel("client", "user", "192.0.2.7").hash())).isTrue();
        assertThat(holder.matches(Holder.backChannel("client", "user", "192.0.2.8").hash())).isFalse();
        assertThat(holder.matches(null)).isFalse();
        assertThat(holder.hash()).matches("sha256:[0-9a-f]{64}");
        assertThat(holder.secret()).isEmpty();
    }

    @Test
    void whereOnePartEndsMatters() {
        assertThat(Holder.backChannel("ab", "c").hash())
                .isNotEqualTo(Holder.backChannel("a", "bc").hash())
                .isNotEqualTo(Holder.backChannel("abc").hash())
                .isNotEqualTo(Holder.backChannel("ab", "c", "").hash());
    }

    @Test
    void aBackChannelIsNeverABrowser() {
        BrowserSecret secret = BrowserSecret.random();

        assertThat(Holder.backChannel(secret.value()).matches(secret.hash())).isFalse();
    }

    @Test
    void aPartThatIsMissingIsAnError() {
        assertThatNullPointerException().isThrownBy(() -> Holder.backChannel("client", null));
    }

    @Test
    void neitherHashNorSecretIsPrinted() {
        assertThat(Holder.backChannel("client")).hasToString("Holder");
    }
}
