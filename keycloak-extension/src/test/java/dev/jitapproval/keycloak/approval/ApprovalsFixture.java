package dev.jitapproval.keycloak.approval;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.GrantTerms;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.engine.WasmEngine;
import dev.jitapproval.keycloak.policy.Policy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** The approval service with the real engine on a real database; only people and time are made up. */
final class ApprovalsFixture implements AutoCloseable {

    static final String REALM = "realm-1";
    static final Policy POLICY =
            new Policy("sha256:" + "0".repeat(64), "production", PolicyMode.ENFORCE, List.of("login"), "name: production");

    final TestDirectory directory = new TestDirectory();
    final TestDatabase database = new TestDatabase(directory);
    final List<ApprovalChange> told = new CopyOnWriteArrayList<>();
    private final WasmEngine engine = Engines.fresh();
    private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    final Approvals approvals =
            new Approvals(engine, database, database::reading, told::add, clock);

    /** The same service over other transactions. */
    Approvals approvalsIn(UnitOfWork.Source transactions) {
        return new Approvals(engine, transactions, database::reading, told::add, clock);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    static RequestKey key(String browser) {
        return new RequestKey(REALM, "id-alice", "client-1", "login", "sha256:" + browser);
    }

    static NewRequest request(String browser, String... stages) {
        return new NewRequest(key(browser), alice(), POLICY, decision(stages), "{\"client\":\"app\"}", null);
    }

    /** The same, with a grant. */
    static NewRequest request(GrantTerms grant, String browser, String... stages) {
        return new NewRequest(key(browser), alice(), POLICY, decision(grant, stages), "{\"client\":\"app\"}", null);
    }

    static Requester alice() {
        return new Requester("id-alice", "alice", TestDirectory.personKey("alice"));
    }

    static Decision decision(String... stages) {
        return decision(null, stages);
    }

    private static Decision decision(GrantTerms grant, String... stages) {
        Chain chain = chain(stages);
        return new Decision(
                new Decision.PolicyRef(POLICY.name(), POLICY.hash()),
                Effect.REQUIRE_APPROVAL,
                new Decision.Obligations(null, false, null, chain, grant),
                "rule-1",
                List.of(),
                "because",
                List.of(),
                "sha256:" + "d".repeat(64));
    }

    static Chain chain(String... stages) {
        String json = "{\"stages\":[" + String.join(",", stages) + "],\"use_by\":600}";
        try {
            return Chain.of(new ObjectMapper().readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static String stage(String name, int quorum, String more, String... users) {
        String names = Arrays.stream(users).map(user -> "\"" + user + "\"").collect(Collectors.joining(","));
        return "{\"id\":\"c/" + name + "\",\"chain\":\"c\",\"name\":\"" + name + "\",\"approvers\":[{\"users\":[" + names
                + "]}],\"quorum\":" + quorum + ",\"timeout\":900,\"on_timeout\":\"deny\",\"standby\":false,"
                + "\"allow_repeat\":false,\"notify\":true,\"require\":{" + more + "}}";
    }

    Outcome approve(ApprovalRequest request, String username) {
        return execute(request, Command.approve(request.shown(), null), username);
    }

    Outcome execute(ApprovalRequest request, Command command, String username) {
        return approvals.execute(REALM, request.id(), command, TestDirectory.actor(username));
    }

    List<String> kinds(ApprovalRequest request) {
        return approvals.history(request.id()).stream().map(ApprovalEvent::kind).toList();
    }

    /** Runs all of them at the same moment, each on a thread of its own. */
    static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> call : calls) {
                running.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        engine.close();
        database.close();
    }
}
