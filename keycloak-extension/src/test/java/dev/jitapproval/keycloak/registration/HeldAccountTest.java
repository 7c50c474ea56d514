package dev.jitapproval.keycloak.registration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.keycloak.models.UserModel;
import org.keycloak.storage.adapter.InMemoryUserAdapter;

class HeldAccountTest {

    private final UserModel user = new InMemoryUserAdapter(null, null, "u-1");

    @Test
    void isWhatWasHeldAndNotReleased() {
        user.setEnabled(true);
        assertThat(HeldAccount.is(user)).isFalse();

        HeldAccount.hold(user);
        assertThat(user.isEnabled()).isFalse();
        assertThat(HeldAccount.is(user)).isTrue();

        HeldAccount.release(user);
        assertThat(user.isEnabled()).isTrue();
        assertThat(HeldAccount.is(user)).isFalse();
        assertThat(user.getRequiredActionsStream()).isEmpty();
    }

    @Test
    void isNotWhatAnAdminHasDisabledOrEnabled() {
        user.setEnabled(false);
        assertThat(HeldAccount.is(user)).isFalse();

        HeldAccount.hold(user);
        user.setEnabled(true);
        assertThat(HeldAccount.is(user)).isFalse();
        assertThat(HeldAccount.is(null)).isFalse();
    }
}
