package dev.jitapproval.keycloak.risk;

import static dev.jitapproval.keycloak.risk.MarksTest.KEY;
import static dev.jitapproval.keycloak.risk.MarksTest.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.risk.Attempt.Memory;
import dev.jitapproval.keycloak.risk.jpa.SightingStore.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenTest {

    private static final Instant THEN = Instant.parse("2026-11-24T14:32:38Z");
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
    private static final String CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
    private static final DeviceToken DEVICE = DeviceToken.random();

    private static Seen seen(List<Marks> keys, DeviceToken device, String userAgent, String ip, String client) {
        return new Seen(keys, "alice", device, userAgent, ip, client);
    }

    private static Seen usual() {
        return seen(List.of(KEY), DEVICE, FIREFOX, "203.0.113.7", "console");
    }

    /** As the store would answer: the rows with these marks. */
    private static Memory memory(Seen now, List<Sighting> rows) {
        return now.remembered(rows.stream().filter(row -> now.lookedFor().contains(row.mark())).toList());
    }

    @Test
    void nobodyIsKnownBeforeTheFirstLogin() {
        Memory memory = memory(usual(), List.of());
        assertThat(memory.device()).isFalse();
        assertThat(memory.sameUserAgent()).isEmpty();
        assertThat(memory.ip()).contains(false);
        assertThat(memory.prefix()).contains(false);
        assertThat(memory.client()).contains(false);
        assertThat(memory.lastLogin()).isEmpty();
        assertThat(memory.passwordReset()).isEmpty();
    }

    @Test
    void whatALoginLeftIsKnownAtTheNext() {
        List<Sighting> rows = usual().left(true, new Place(47.38, 8.54), THEN);
        Memory memory = memory(usual(), rows);
        assertThat(memory.device()).isTrue();
        assertThat(memory.sameUserAgent()).contains(true);
        assertThat(memory.ip()).contains(true);
        assertThat(memory.prefix()).contains(true);
        assertThat(memory.client()).contains(true);
        assertThat(memory.lastLogin()).contains(THEN);
        assertThat(memory.lastPlace()).contains(new Place(47.4, 8.5));
    }

    @Test
    void aNeighbourIsOfAKnownNetworkAndAnotherBrowserIsAChange() {
        List<Sighting> rows = usual().left(true, null, THEN);
        Memory memory = memory(seen(List.of(KEY), DEVICE, CHROME, "203.0.113.99", "payroll"), rows);
        assertThat(memory.sameUserAgent()).contains(false);
        assertThat(memory.ip()).contains(false);
        assertThat(memory.prefix()).contains(true);
        assertThat(memory.client()).contains(false);
    }

    @Test
    void aCookieAloneMakesNeitherDeviceNorAddressKnown() {
        List<Sighting> rows = usual().left(false, new Place(0, 0), THEN);
        Memory memory = memory(usual(), rows);
        assertThat(memory.device()).isFalse();
        assertThat(memory.ip()).contains(false);
        assertThat(memory.prefix()).contains(false);
        assertThat(memory.lastLogin()).isEmpty();
        assertThat(memory.client()).contains(true);
    }

    @Test
    void anotherUserOfTheSameBrowserIsUnknown() {
        List<Sighting> rows = usual().left(true, null, THEN);
        Memory bob = memory(new Seen(List.of(KEY), "bob", DEVICE, FIREFOX, "203.0.113.7", "console"), rows);
        assertThat(bob.device()).isFalse();
        assertThat(bob.ip()).contains(false);
    }

    @Test
    void aRotationOfKeysMakesNobodyAStranger() {
        List<Sighting> rows = usual().left(true, null, THEN);
        Memory memory = memory(seen(List.of(OTHER_KEY, KEY), DEVICE, FIREFOX, "203.0.113.7", "console"), rows);
        assertThat(memory.device()).isTrue();
        assertThat(memory.sameUserAgent()).contains(true);
        assertThat(memory.ip()).contains(true);
        assertThat(memory(seen(List.of(OTHER_KEY), DEVICE, FIREFOX, "203.0.113.7", "console"), rows).device()).isFalse();
    }

    @Test
    void anAddressThatCannotBeReadIsNeitherKnownNorUnknown() {
        Memory memory = memory(seen(List.of(KEY), DEVICE, FIREFOX, "unix:", null), List.of());
        assertThat(memory.ip()).isEmpty();
        assertThat(memory.prefix()).isEmpty();
        assertThat(memory.client()).isEmpty();
    }

    @Test
    void aResetIsRememberedBesideTheLastLogin() {
        List<Sighting> rows = new ArrayList<>(usual().left(true, null, THEN));
        rows.add(Seen.reset(THEN.plusSeconds(60)));
        assertThat(memory(usual(), rows).lastLogin()).contains(THEN);
        assertThat(memory(usual(), rows).passwordReset()).contains(THEN.plusSeconds(60));
    }

    @Test
    void noRowHoldsAnAddressOrABrowser() {
        assertThat(usual().left(true, null, THEN).toString()).doesNotContain("203.0.113").doesNotContain("Firefox").doesNotContain(DEVICE.id());
    }
}
