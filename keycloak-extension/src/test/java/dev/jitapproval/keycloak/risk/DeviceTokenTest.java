package dev.jitapproval.keycloak.risk;

import static dev.jitapproval.keycloak.risk.MarksTest.KEY;
import static dev.jitapproval.keycloak.risk.MarksTest.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTokenTest {

    private static final DeviceToken DEVICE = DeviceToken.random();

    @Test
    void whatTheRealmSignedIsRead() {
        assertThat(DeviceToken.parse(DEVICE.written("r", KEY), "r", List.of(KEY))).contains(DEVICE);
        assertThat(DeviceToken.parse(DEVICE.written("r", OTHER_KEY), "r", List.of(KEY, OTHER_KEY))).contains(DEVICE);
    }

    @Test
    void whatItDidNotSignIsNot() {
        String written = DEVICE.written("r", KEY);
        assertThat(DeviceToken.parse(written, "another realm", List.of(KEY))).isEmpty();
        assertThat(DeviceToken.parse(written, "r", List.of(OTHER_KEY))).isEmpty();
        String changed = (written.charAt(0) == 'A' ? 'B' : 'A') + written.substring(1);
        assertThat(DeviceToken.parse(changed, "r", List.of(KEY))).isEmpty();
        String unsigned = DEVICE.id() + "." + "A".repeat(43);
        for (String other : new String[] {null, "", ".", DEVICE.id(), unsigned, written + "A", " " + written}) {
            assertThat(DeviceToken.parse(other, "r", List.of(KEY))).as("%s", other).isEmpty();
        }
    }

    @Test
    void noTwoDevicesAreTheSame() {
        assertThat(DeviceToken.random()).isNotEqualTo(DEVICE);
        assertThat(DEVICE.toString()).doesNotContain(DEVICE.id());
    }
}
