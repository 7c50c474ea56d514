package dev.jitapproval.keycloak.decisionlog;

import static dev.jitapproval.keycloak.decisionlog.LogFixture.POLICY;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.REALM;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.decided;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.Decision.Match;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.PolicyMode;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExplainedTest {

    private final LogFixture fixture = new LogFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void isMadeOfTheDecisionThatTheRequestWasOpenedByAndOfNoOther() {
        keep("request-1", "d1");
        keep("request-1", "d2");
        keep("request-2", "d1");

        assertThat(find(REALM, "request-1", POLICY.hash(), "sha256:d1")).get()
                .satisfies(kept -> assertThat(kept.digest()).isEqualTo("sha256:d1"))
                .satisfies(kept -> assertThat(kept.requestId()).isEqualTo("request-1"));
        assertThat(find(REALM, "request-2", POLICY.hash(), "sha256:d2")).isEmpty();
        assertThat(find("another-realm", "request-1", POLICY.hash(), "sha256:d1")).isEmpty();
        assertThat(find(REALM, "request-1", "sha256:another", "sha256:d1")).isEmpty();
    }

    @Test
    void givesTheEngineWhatItTakes() {
        keep("request-1", "d1");

        assertThat(find(REALM, "request-1", POLICY.hash(), "sha256:d1").map(DecisionDocument::kept)).contains(
                "{\"action\":\"login\",\"context\":{\"action\":\"login\",\"user\":{\"id\":\"id-alice\"}},\"redacted\":[],"
                        + "\"matched\":[{\"rule\":\"rule-1\",\"effect\":\"require_approval\",\"mode\":\"enforce\"}],"
                        + "\"errors\":[{\"rule\":\"rule-2\",\"part\":\"when\",\"outcome\":\"skip\"}]}");
    }

    private void keep(String request, String digest) {
        new DatabaseDecisionLog((hash, source, context) -> null, 0, fixture, Runnable::run, () -> 0.0)
                .add(decided(Effect.REQUIRE_APPROVAL, true, request, digest,
                        new Match("rule-1", Effect.REQUIRE_APPROVAL, PolicyMode.ENFORCE)));
    }

    private Optional<LoggedDecision> find(String realm, String request, String policy, String digest) {
        return fixture.run(work -> work.decisions().openedBy(realm, request, policy, digest));
    }
}
