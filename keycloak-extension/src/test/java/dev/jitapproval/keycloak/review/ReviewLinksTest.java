package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewLinksTest {

    @Test
    void aRequestIdIsAUuid() {
        assertThat(ReviewLinks.isRequestId("3f2c1d9e-7a4b-4c1d-9e7a-4b4c1d9e7a4b")).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {
        "", ":", "1-1-1-1-1", "3F2C1D9E-7A4B-4C1D-9E7A-4B4C1D9E7A4B", "3f2c1d9e-7a4b-4c1d-9e7a-4b4c1d9e7a4b:x",
        "../3f2c1d9e-7a4b-4c1d-9e7a-4b4c1d9e7a4", "3f2c1d9e-7a4b-4c1d-9e7a-4b4c1d9e7a4g"
    })
    void nothingElseIs(String text) {
        assertThat(ReviewLinks.isRequestId(text)).isFalse();
    }
}
