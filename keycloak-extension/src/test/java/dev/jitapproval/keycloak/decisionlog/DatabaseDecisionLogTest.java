package dev.jitapproval.keycloak.decisionlog;

import static dev.jitapproval.keycloak.decisionlog.LogFixture.POLICY;
import static dev.jitapproval.keycloak.decisionlog.LogFixture.decided;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.Decision.Match;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.policy.Policy;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseDecisionLogTest {

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
            assertThat(kept.effect()).isEqualTo(effect.name().toLowerCase(java.util.Locale.ROOT));
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
        LogRules all = new Rules(OptionalDouble.of(1));
        new DatabaseDecisionLog(all, 0, fixture, Runnable::run, () -> 0.9).add(decided(Effect.ALLOW, false, null, "d1"));
        assertThat(fixture.all()).hasSize(1);
        LogRules none = new Rules(OptionalDouble.of(0));
        new DatabaseDecisionLog(none, 1, fixture, Runnable::run, () -> 0.0).add(decided(Effect.ALLOW, false, null, "d2"));
        assertThat(fixture.all()).hasSize(1);
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
    void storesWhatTheRulesLeaveOfTheContext() {
        new DatabaseDecisionLog(new Rules(OptionalDouble.empty()), 0, fixture, Runnable::run, () -> 0.0)
                .add(decided(Effect.DENY, true, null, "d1"));

        assertThat(fixture.all()).singleElement().satisfies(kept -> {
            assertThat(kept.context()).isEqualTo("{}");
            assertThat(kept.redacted()).isEqualTo("[\"user\"]");
            assertThat(kept.decision()).doesNotContain("alice");
        });
    }

    @Test
    void aDatabaseThatFailsIsNoBusinessOfTheLogins() {
        LogTransactions away = new LogTransactions() {
            @Override
            public <T> T run(Function<Work, T> work) {
                throw new IllegalStateException("the database is away");
            }
        };
        DatabaseDecisionLog log = new DatabaseDecisionLog(new UnredactedRules(), 1, away, Runnable::run, () -> 0.0);
        log.add(decided(Effect.ALLOW, false, null, "d1"));
        log.add(decided(Effect.DENY, true, null, "d1"));
    }

    @Test
    void aSampleThatHasToWaitTooLongIsDropped() {
        Executor full = work -> {
            throw new RejectedExecutionException("full");
        };
        DatabaseDecisionLog log = new DatabaseDecisionLog(new UnredactedRules(), 1, fixture, full, () -> 0.0);
        log.add(decided(Effect.ALLOW, false, null, "d1"));
        assertThat(fixture.all()).isEmpty();
        log.add(decided(Effect.DENY, true, null, "d2"));
        assertThat(fixture.all()).hasSize(1);
    }

    private DatabaseDecisionLog log(double sample) {
        return new DatabaseDecisionLog(new UnredactedRules(), sample, fixture, Runnable::run, () -> diced);
    }

    private record Rules(OptionalDouble share) implements LogRules {

        @Override
        public OptionalDouble sample(Policy policy) {
            return share;
        }

        @Override
        public Redacted redact(Policy policy, String context) {
            return new Redacted("{}", List.of("user"));
        }
    }
}
