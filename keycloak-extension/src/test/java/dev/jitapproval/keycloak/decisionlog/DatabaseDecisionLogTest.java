package dev.jitapproval.keycloak.decisionlog;

import static dev.jitapproval.keycloak.decisionlog.LogFixture.POLICY;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.decided;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jitapproval.keycloak.engine.Decision.Match;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.engine.Redacted;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseDecisionLogTest {

    /** Nothing is to be taken out, so nobody may ask for it. */
    private static final Redaction NOTHING = (hash, source, context) -> {
        throw new AssertionError("asked to redact for a policy that redacts nothing");
    };

    private final LogFixture fixture = new LogFixture();
    private double diced = 0.5;

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(value = Effect.class, names = "ALLOW", mode = EnumSource.Mode.EXCLUDE)
    void keepsEveryDecisionThatStoppedAStep(Effect effect) {
        log(0).add(decided(effect, true, null, "d1"));

        assertThat(fixture.all()).singleElement().satisfies(kept -> {
            assertThat(kept.effect()).isEqualTo(effect.name().toLowerCase(Locale.ROOT));
            assertThat(kept.sampled()).isFalse();
            assertThat(kept.context()).isEqualTo("{\"action\":\"login\",\"user\":{\"id\":\"id-alice\"}}");
            assertThat(kept.userId()).isEqualTo("id-alice");
        });
        assertThat(fixture.<Object>run(work -> work.requests().policySource(POLICY.hash()).orElseThrow()))
                .isEqualTo(POLICY.source());
    }

    @Test
    void keepsASampleOfWhatWentOn() {
        diced = 0.09;
        log(0.1).add(decided(Effect.ALLOW, false, null, "d1"));
        diced = 0.1;
        log(0.1).add(decided(Effect.ALLOW, false, null, "d2"));

        assertThat(fixture.all()).singleElement().satisfies(kept -> {
            assertThat(kept.digest()).isEqualTo("sha256:d1");
            assertThat(kept.sampled()).isTrue();
            assertThat(kept.rate()).isEqualTo(0.1);
        });
    }

    @Test
    void aSampleOfNoneKeepsNoneAndOneOfAllKeepsAll() {
        diced = 0;
        log(0).add(decided(Effect.ALLOW, false, null, "d1"));
        assertThat(fixture.all()).isEmpty();
        diced = Math.nextDown(1.0);
        log(1).add(decided(Effect.ALLOW, false, null, "d2"));
        assertThat(fixture.all()).hasSize(1);
    }

    @Test
    void thePolicysShareComesBeforeTheServers() {
        diced = 0.5;
        log(0).add(decided(policy(1.0), Effect.ALLOW, false, null, "d1"));
        assertThat(fixture.all()).hasSize(1);
        log(1).add(decided(policy(0.0), Effect.ALLOW, false, null, "d2"));
        assertThat(fixture.all()).hasSize(1);
        log(1).add(decided(policy(null), Effect.ALLOW, false, null, "d3"));
        assertThat(fixture.all()).hasSize(2);
    }

    @Test
    void keepsWhatARuleThatOnlyObservesWouldHaveStopped() {
        log(0).add(decided(Effect.ALLOW, false, null, "d1", new Match("rule-1", Effect.DENY, PolicyMode.OBSERVE)));
        log(0).add(decided(Effect.ALLOW, false, null, "d2", new Match("rule-1", Effect.ALLOW, PolicyMode.OBSERVE)));

        assertThat(fixture.all()).singleElement().satisfies(kept -> {
            assertThat(kept.digest()).isEqualTo("sha256:d1");
            assertThat(kept.observed()).isTrue();
        });
    }

    @Test
    void keepsAHeldStepOnceHoweverOftenItsPageIsDrawn() {
        log(0).add(decided(Effect.REQUIRE_APPROVAL, true, "request-1", "d1"));
        log(0).add(decided(Effect.REQUIRE_APPROVAL, true, "request-1", "d1"));
        assertThat(fixture.all()).hasSize(1);
        log(0).add(decided(Effect.REQUIRE_APPROVAL, true, "request-1", "d2"));
        log(0).add(decided(Effect.REQUIRE_APPROVAL, true, "request-2", "d1"));
        assertThat(fixture.all()).hasSize(3);
    }

    @Test
    void keepsWhatNobodyAnswersForWithoutADigest() {
        log(1).add(decided(Effect.ALLOW, false, null, null));
        log(1).add(decided(Effect.DENY, true, "request-1", null));
        log(1).add(decided(Effect.DENY, true, "request-1", null));

        assertThat(fixture.all()).extracting(LoggedDecision::effect).containsExactlyInAnyOrder("allow", "deny");
        assertThat(fixture.all()).extracting(LoggedDecision::digest).containsOnlyNulls();
    }

    @Test
    void storesWhatThePolicyLeavesOfTheContext() {
        Redaction redaction = (hash, source, context) -> {
            assertThat(hash).isEqualTo(POLICY.hash());
            assertThat(source).isEqualTo(POLICY.source());
            assertThat(context).contains("id-alice");
            return new Redacted(JsonNodeFactory.instance.objectNode().putNull("user"), List.of("user"));
        };
        new DatabaseDecisionLog(redaction, 0, fixture, Runnable::run, () -> 0.0)
                .add(decided(policy(null, "user"), Effect.DENY, true, null, "d1"));

        assertThat(fixture.all()).singleElement().satisfies(kept -> {
            assertThat(kept.context()).isEqualTo("{\"user\":null}");
            assertThat(kept.redacted()).isEqualTo("[\"user\"]");
            assertThat(kept.decision()).doesNotContain("alice");
        });
    }

    @Test
    void whatCannotBeRedactedIsNotKept() {
        Redaction fails = (hash, source, context) -> {
            throw new IllegalStateException("no answer");
        };
        new DatabaseDecisionLog(fails, 0, fixture, Runnable::run, () -> 0.0)
                .add(decided(policy(null, "user"), Effect.DENY, true, null, "d1"));

        assertThat(fixture.all()).isEmpty();
    }

    @Test
    void aDatabaseThatFailsIsNoBusinessOfTheLogins() {
        LogTransactions away = new LogTransactions() {
            @Override
            public <T> T run(Function<Work, T> work) {
                throw new IllegalStateException("the database is away");
            }
        };
        DatabaseDecisionLog log = new DatabaseDecisionLog(NOTHING, 1, away, Runnable::run, () -> 0.0);
        log.add(decided(Effect.ALLOW, false, null, "d1"));
        log.add(decided(Effect.DENY, true, null, "d1"));
    }

    @Test
    void aSampleThatHasToWaitTooLongIsDropped() {
        Executor full = work -> {
            throw new RejectedExecutionException("full");
        };
        DatabaseDecisionLog log = new DatabaseDecisionLog(NOTHING, 1, fixture, full, () -> 0.0);
        log.add(decided(Effect.ALLOW, false, null, "d1"));
        assertThat(fixture.all()).isEmpty();
        log.add(decided(Effect.DENY, true, null, "d2"));
        assertThat(fixture.all()).hasSize(1);
    }

    private DatabaseDecisionLog log(double sample) {
        return new DatabaseDecisionLog(NOTHING, sample, fixture, Runnable::run, () -> diced);
    }
}
