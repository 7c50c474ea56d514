package dev.jitapproval.keycloak.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepActionTest {

    @ParameterizedTest
    @CsvSource({"openid,openid", "openid,email openid", "email  openid,openid email", "'',openid", "'',''"})
    void asksForNoMoreWithTheScopesOfBefore(String scopes, String before) {
        assertThat(StepAction.asksForNoMore(scopes, before)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"openid offline_access,openid", "openid,''", "open,openid"})
    void asksForMoreWithAnyOtherScope(String scopes, String before) {
        assertThat(StepAction.asksForNoMore(scopes, before)).isFalse();
    }

    @Test
    void takesNothingForNoScopes() {
        assertThat(StepAction.asksForNoMore(null, null)).isTrue();
        assertThat(StepAction.asksForNoMore(null, "openid")).isTrue();
        assertThat(StepAction.asksForNoMore("openid", null)).isFalse();
    }
}
