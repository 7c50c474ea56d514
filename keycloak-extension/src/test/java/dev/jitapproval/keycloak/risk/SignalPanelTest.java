package dev.jitapproval.keycloak.risk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.risk.Attempt.Failures;
import dev.jitapproval.keycloak.risk.Attempt.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SignalPanelTest {

    private static final Instant NOW = Instant.parse("2026-11-24T14:32:38Z");

    private final List<String> silent = new ArrayList<>();
    private final SignalPanel panel = new SignalPanel((id, why) -> silent.add(id + " " + why), Duration.ofMillis(200));

    private static Attempt attempt(Failures failures, Memory memory, Integer sessions, Instant changed) {
        return new Attempt("demo", "u", "alice", "console", "login", NOW, "203.0.113.7", "Firefox", failures, memory, sessions, changed);
    }

    private static SignalPanel.Member service(String id, RiskSignal signal) {
        return new SignalPanel.Member(id, true, false, signal);
    }

    private static SignalPanel.Member builtIn(BuiltInSignal signal) {
        return new SignalPanel.Member(signal.getId(), false, true, signal);
    }

    private Map<String, Object> ask(Attempt attempt, SignalPanel.Member... members) {
        return panel.ask(List.of(members), attempt).fields();
    }

    @Test
    void everythingThatIsKnownIsTold() {
        Memory memory = new Memory(
                true, Optional.of(false), Optional.of(true), Optional.of(true), Optional.of(false), Optional.of(NOW), Optional.empty(),
                Optional.of(NOW));
        assertThat(ask(attempt(new Failures(3, true), memory, 2, NOW),
                        builtIn(new FailedLoginsSignal()), builtIn(new KnownDeviceSignal()), builtIn(new KnownAddressSignal()),
                        builtIn(new HistorySignal()), builtIn(new AccountSignal())))
                .isEqualTo(Map.ofEntries(
                        Map.entry("failed_logins", 3L), Map.entry("locked", true), Map.entry("known_device", true),
                        Map.entry("user_agent_changed", true), Map.entry("known_ip", true), Map.entry("known_prefix", true),
                        Map.entry("new_client", true), Map.entry("last_login_at", "2026-11-24T14:32:38.000Z"),
                        Map.entry("password_reset_at", "2026-11-24T14:32:38.000Z"), Map.entry("sessions", 2L),
                        Map.entry("credential_changed_at", "2026-11-24T14:32:38.000Z")));
        assertThat(silent).isEmpty();
    }

    @Test
    void whatIsNotKnownIsAbsent() {
        assertThat(ask(attempt(null, null, null, null),
                        builtIn(new FailedLoginsSignal()), builtIn(new KnownDeviceSignal()), builtIn(new KnownAddressSignal()),
                        builtIn(new HistorySignal()), builtIn(new AccountSignal())))
                .isEmpty();
    }

    @Test
    void signalsOfOthersAreNamed() {
        assertThat(ask(attempt(null, null, null, null),
                        service("a", (attempt, findings) -> findings.raise("tor").raise("leaked_password")),
                        service("b", (attempt, findings) -> {})))
                .isEqualTo(Map.of("signals", Set.of("leaked_password", "tor")));
        assertThat(ask(attempt(null, null, null, null), service("b", (attempt, findings) -> {})))
                .isEqualTo(Map.of("signals", Set.of()));
    }

    @Test
    void oneThatFailsLeavesNoListThatLooksComplete() {
        assertThat(ask(attempt(new Failures(1, false), null, null, null),
                        builtIn(new FailedLoginsSignal()),
                        service("good", (attempt, findings) -> findings.raise("tor")),
                        service("bad", (attempt, findings) -> {
                            throw new IllegalStateException("no answer");
                        })))
                .isEqualTo(Map.of("failed_logins", 1L, "locked", false));
        assertThat(silent).containsExactly("bad failed");
    }

    @Test
    void oneThatIsLateIsInterruptedAndLeftOut() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        long start = System.nanoTime();
        assertThat(ask(attempt(null, null, null, null), service("slow", (attempt, findings) -> {
                            try {
                                Thread.sleep(10_000);
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        })))
                .isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(silent).containsExactly("slow late");
        interrupted.await();
    }

    @Test
    void aNameThatIsNoneIsAFailure() {
        assertThat(ask(attempt(null, null, null, null), service("loud", (attempt, findings) -> findings.raise("Tor!")))).isEmpty();
        assertThat(silent).containsExactly("loud failed");
    }
}
