package dev.jitapproval.keycloak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The JIT compiler of JDK 17 has miscompiled an allocator once it was warm, after some ten thousand calls. This goes ten times
 * further, through everything that allocates.
 */
class WarmUpTest {

    private static final int CALLS = 100_000;

    private static final String POLICY = """
            apiVersion: jit-approval.dev/v1
            name: warm-up
            variables:
              staff: 'has(user.email) && user.email.matches("^[a-z.]+@example[.](org|com)$")'
            chains:
              boss: [{ name: boss, approvers: [{ attribute: manager }] }]
            rules:
              - { id: net, on: [login], when: 'staff && cidr("203.0.113.0/24").containsIP(request.ip)', effect: require_approval,
                  chain: boss, reason: '"Sign-in of " + user.username + " from " + request.ip' }
              - { id: agent, on: [login], when: 'has(request.user_agent) && request.user_agent.matches("(?i)curl|wget|python-.*")', effect: deny }
              - { id: group, on: [login], when: 'user.groups.exists(g, g.startsWith("/admins"))', effect: confirm }
            """;

    @Test
    void aHundredThousandMixedCallsNeverTrap() {
        try (WasmEngine engine = Engines.fresh()) {
            String hash = engine.load(POLICY, "warm-up.yaml").hash();
            Decision held = engine.decide(hash, POLICY, Contexts.login("203.0.113.7"));
            Instant now = Instant.parse("2026-11-24T14:32:38Z");
            String pinned = engine.pin(Pins.wanted(held.obligations().approval(), now)).pinned();
            String open = Pins.command(
                    "open", "1", "alice", ",\"facts\":{\"eligible\":{\"boss/boss\":{\"count\":1,\"people\":[\"2\"]}}}");

            IntStream.range(0, CALLS).parallel().forEach(i -> {
                switch (i % 10) {
                    case 0 -> assertThat(engine.advance(pinned, List.of(), open, now).status())
                            .isEqualTo(RequestStatus.PENDING);
                    case 1 -> assertThat(engine.version().abi()).isEqualTo(1);
                    case 2 -> {
                        if (i % 100 == 2) {
                            assertThat(engine.load(POLICY, "warm-up.yaml").hash()).isEqualTo(hash);
                        }
                    }
                    case 3 -> assertThat(engine.decide(hash, POLICY, Contexts.login("198.51.100.9")).effect())
                            .isEqualTo(Effect.ALLOW);
                    default -> assertThat(engine.decide(hash, POLICY, Contexts.login("203.0.113." + i % 200)).effect())
                            .isEqualTo(Effect.REQUIRE_APPROVAL);
                }
            });
        }
    }
}
