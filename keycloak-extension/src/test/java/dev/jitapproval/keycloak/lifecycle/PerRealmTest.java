package dev.jitapproval.keycloak.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerRealmTest {

    private final List<String> discarded = new ArrayList<>();
    private final PerRealm<String> one = new PerRealm<>(discarded::add);
    private final PerRealm<String> other = new PerRealm<>();

    @Test
    void isMadeOnce() {
        assertThat(one.getOrMake("PerRealmTest-a", () -> "first")).isEqualTo("first");
        assertThat(one.getOrMake("PerRealmTest-a", () -> "second")).isEqualTo("first");
    }

    @Test
    void aRealmIsForgottenInEveryPlace() {
        one.put("PerRealmTest-b", "b");
        other.put("PerRealmTest-b", "b");
        one.put("PerRealmTest-c", "c");
        PerRealm.forget("PerRealmTest-b");
        assertThat(one.get("PerRealmTest-b")).isEmpty();
        assertThat(other.get("PerRealmTest-b")).isEmpty();
        assertThat(one.get("PerRealmTest-c")).contains("c");
        assertThat(discarded).containsExactly("b");
    }

    @Test
    void realmsThatAnotherNodeRemovedAreForgottenAsWell() {
        one.put("PerRealmTest-d", "d");
        one.put("PerRealmTest-e", "e");
        PerRealm.keepOnly(id -> !id.equals("PerRealmTest-d"));
        assertThat(one.get("PerRealmTest-d")).isEmpty();
        assertThat(one.get("PerRealmTest-e")).contains("e");
    }
}
