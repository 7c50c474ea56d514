package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.policy.Rollback.Switch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackTest {

    private final List<Switch> history = new ArrayList<>();

    @Test
    void thereIsNothingBeforeTheFirst() {
        assertThat(Rollback.target(history)).isEmpty();
        activate(1);
        assertThat(Rollback.target(history)).isEmpty();
    }

    @Test
    void oneAfterTheOtherWalksFurtherBack() {
        activate(1);
        activate(2);
        activate(3);

        assertThat(rollBack()).isEqualTo(2);
        assertThat(rollBack()).isEqualTo(1);
        assertThat(Rollback.target(history)).isEmpty();
    }

    @Test
    void anActivationAfterItIsUndoneToWhereItHadLed() {
        activate(1);
        activate(2);
        activate(3);
        rollBack();
        activate(4);

        assertThat(rollBack()).isEqualTo(2);
        assertThat(rollBack()).isEqualTo(1);
    }

    @Test
    void followsTheOrderOfActivationsAndNotOfNumbers() {
        activate(3);
        activate(1);
        activate(3);

        assertThat(rollBack()).isEqualTo(1);
        assertThat(rollBack()).isEqualTo(3);
    }

    private void activate(long version) {
        history.add(new Switch(Activation.Kind.ACTIVATE, version));
    }

    private long rollBack() {
        long version = Rollback.target(history).orElseThrow();
        history.add(new Switch(Activation.Kind.ROLLBACK, version));
        return version;
    }
}
