package dev.jitapproval.keycloak.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileChangeTest {

    private static final ProfileChange BOTH = new ProfileChange(
            Map.of("email", List.of("a@example.org"), "lastName", List.of()),
            Map.of("email", List.of("b@example.org"), "lastName", List.of("Liddell")));

    @Test
    void anAddressInAProfileIsJudgedAsAnAddressToo() {
        assertThat(BOTH.planned()).extracting(Planned::action).containsExactly("update-profile", "update-email");
        Planned email = BOTH.planned().get(1);
        assertThat(email.change().fields()).containsExactly("email");
        assertThat(email.change().before()).containsOnly(Map.entry("email", List.of("a@example.org")));
        assertThat(email.change().after()).containsOnly(Map.entry("email", List.of("b@example.org")));
    }

    @Test
    void whatIsLeftToAnotherActionIsNotJudgedHere() {
        assertThat(BOTH.without("email").planned()).extracting(Planned::action).containsExactly("update-profile");
        assertThat(BOTH.without("email").planned().get(0).change().after()).containsOnlyKeys("lastName");
        assertThat(BOTH.without("email").without("lastName")).isEqualTo(ProfileChange.NONE);
    }

    @Test
    void whereNothingChangesNothingIsJudged() {
        assertThat(ProfileChange.NONE.planned()).isEmpty();
        assertThat(ProfileChange.NONE.plannedEmail()).isEmpty();
    }
}
