package dev.jitapproval.keycloak.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeciderTokenTest {

    private static final int NOW = 1_800_000_000;

    @Test
    void aLevelCountsForFiveMinutesAndNoLonger() {
        assertThat(DeciderToken.isRecent(NOW, NOW)).isTrue();
        assertThat(DeciderToken.isRecent(NOW - 300, NOW)).isTrue();
        assertThat(DeciderToken.isRecent(NOW - 301, NOW)).isFalse();
        assertThat(DeciderToken.isRecent(0, NOW)).isFalse();
    }
}
