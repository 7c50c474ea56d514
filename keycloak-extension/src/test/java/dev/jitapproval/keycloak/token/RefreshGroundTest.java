package dev.jitapproval.keycloak.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.grant.RestsOn;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.JsonSerialization;

class RefreshGroundTest {

    private static final RestsOn AN_HOUR = new RestsOn("request", "rule", 1_800_000_000L, 1_800_003_600L);

    @Test
    void staysInTheTokenAsItIsSentAndInWhatIsGivenForIt() throws IOException {
        RefreshToken given = refreshToken();
        RefreshGround.put(given, AN_HOUR);
        RefreshToken shown = JsonSerialization.readValue(JsonSerialization.writeValueAsBytes(given), RefreshToken.class);
        assertThat(RefreshGround.of(shown)).contains(AN_HOUR);

        RefreshToken next = refreshToken();
        RefreshGround.carry(new TokenPostProcessorContext(null, shown, next, null, null));
        assertThat(RefreshGround.of(next)).contains(AN_HOUR);
    }

    @Test
    void isNoneOfATokenOfTheLoginItself() {
        RefreshToken next = refreshToken();
        RefreshGround.carry(new TokenPostProcessorContext(null, refreshToken(), next, null, null));
        RefreshGround.carry(new TokenPostProcessorContext(null, null, next, null, null));

        assertThat(RefreshGround.of(next)).isEmpty();
        assertThat(RefreshGround.of(null)).isEmpty();
    }

    @Test
    void isNeverTakenForNoneWhereItCannotBeRead() {
        RefreshToken token = refreshToken();
        token.setOtherClaims("jit_rests_on", "?");

        assertThatThrownBy(() -> RefreshGround.of(token)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void endsWithEverythingThatIsGivenForIt() throws IOException {
        RefreshToken given = refreshToken();
        RefreshGround.end(given, 1_800_000_000L);
        RefreshToken shown = JsonSerialization.readValue(JsonSerialization.writeValueAsBytes(given), RefreshToken.class);
        AccessToken access = new AccessToken();
        access.exp(1_800_000_300L);
        RefreshToken next = refreshToken();
        RefreshGround.carry(new TokenPostProcessorContext(null, shown, next, access, null));

        assertThat(List.of(given.getExp(), access.getExp(), next.getExp())).containsOnly(1_800_000_000L);
        RefreshToken last = refreshToken();
        RefreshGround.carry(new TokenPostProcessorContext(null, next, last, access, null));
        assertThat(last.getExp()).isEqualTo(1_800_000_000L);
    }

    @Test
    void doesNotLetATokenLastLongerThanItWould() {
        RefreshToken given = refreshToken();
        given.exp(1_800_000_000L);
        RefreshGround.end(given, 1_800_000_300L);
        RefreshGround.end(null, 1_800_000_300L);

        assertThat(given.getExp()).isEqualTo(1_800_000_000L);
    }

    private static RefreshToken refreshToken() {
        return new RefreshToken(new AccessToken(), null, "default");
    }
}
