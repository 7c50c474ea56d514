package dev.jitapproval.keycloak.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jitapproval.keycloak.risk.Attempt.Memory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoSignalTest {

    private static final Instant NOW = Instant.parse("2026-11-24T14:32:38Z");
    private static final Place ZURICH = new Place(47.38, 8.54);
    private static final Place NEW_YORK = new Place(40.71, -74.01);

    @TempDir
    Path folder;

    private GeoSignal signal() {
        Path city = folder.resolve("city.mmdb");
        Path asn = folder.resolve("asn.mmdb");
        new TestGeoFile()
                .add("203.0.113.0", 24, Map.of(
                        "country", Map.of("iso_code", "CH"), "location", Map.of("latitude", 47.38, "longitude", 8.54)))
                .add("198.51.100.0", 24, Map.of("country", Map.of("iso_code", "US")))
                .save(city);
        new TestGeoFile().add("203.0.113.0", 25, Map.of("autonomous_system_number", 3303)).save(asn);
        GeoSignal signal = new GeoSignal();
        signal.open(city + ", " + asn);
        return signal;
    }

    private static Map<String, Object> ask(GeoSignal signal, String ip, Place lastPlace, Duration ago) {
        Memory memory = new Memory(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.ofNullable(ago).map(NOW::minus), Optional.ofNullable(lastPlace), Optional.empty());
        Findings findings = new Findings();
        signal.assess(new Attempt("r", "u", "alice", "c", "login", NOW, ip, null, null, memory, null, null), findings);
        return findings.fields();
    }

    @Test
    void anAddressHasACountryAndANetworkOperator() {
        assertThat(ask(signal(), "203.0.113.7", null, null)).isEqualTo(Map.of("country", "CH", "asn", 3303L));
        assertThat(ask(signal(), "203.0.113.200", null, null)).isEqualTo(Map.of("country", "CH"));
        assertThat(ask(signal(), "198.51.100.1", null, null)).isEqualTo(Map.of("country", "US"));
    }

    @Test
    void whatNoDatabaseKnowsIsAbsent() {
        assertThat(ask(signal(), "192.0.2.1", NEW_YORK, Duration.ofHours(1))).isEmpty();
        assertThat(ask(signal(), "localhost", NEW_YORK, Duration.ofHours(1))).isEmpty();
        GeoSignal without = new GeoSignal();
        without.open(" ");
        assertThat(ask(without, "203.0.113.7", NEW_YORK, Duration.ofHours(1))).isEmpty();
    }

    @Test
    void nobodyTravelsFasterThanAnAirliner() {
        assertThat(NEW_YORK.kilometresTo(ZURICH)).isCloseTo(6_320, within(30.0));
        assertThat(ask(signal(), "203.0.113.7", NEW_YORK, Duration.ofHours(6))).containsEntry("impossible_travel", true);
        assertThat(ask(signal(), "203.0.113.7", NEW_YORK, Duration.ofHours(8))).containsEntry("impossible_travel", false);
        assertThat(ask(signal(), "203.0.113.7", new Place(47.0, 8.5), Duration.ofMinutes(1))).containsEntry("impossible_travel", false);
        assertThat(ask(signal(), "198.51.100.1", NEW_YORK, Duration.ofHours(1))).doesNotContainKey("impossible_travel");
        assertThat(GeoSignal.isImpossible(200, Duration.ofMinutes(-5))).isTrue();
    }

    @Test
    void aFileThatIsNoneKeepsTheServerFromStarting() throws Exception {
        Path missing = folder.resolve("missing.mmdb");
        assertThatThrownBy(() -> new GeoSignal().open(missing.toString())).hasMessageContaining("missing.mmdb");
        Files.writeString(missing, "no database");
        assertThatThrownBy(() -> new GeoSignal().open(missing.toString())).hasMessageContaining("missing.mmdb");
    }

    @Test
    void aPlaceIsReadAsItIsWrittenAndNoBetterThanItIsKept() {
        assertThat(Place.parse(NEW_YORK.written())).contains(NEW_YORK);
        assertThat(new Place(47.3769, 8.5417).written()).isEqualTo("47.4,8.5");
        assertThat(Place.parse("47.3769,8.5417")).isEmpty();
        assertThat(Place.parse(null)).isEmpty();
    }
}
