package dev.jitapproval.keycloak.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The engine as a WebAssembly module that was compiled to JVM bytecode with this jar. */
public final class WasmEngine implements Engine, AutoCloseable {

    // A policy is compiled when it changes and when an instance meets it for the first time, not while every user waits. One of 10,000
    // rules took 18 s in a JVM that had just started, on a core of 2.5 GHz with nothing else to do.
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(90);

    // Decisions last milliseconds: an instance that is not free once in this time belongs to somebody who is in trouble anyway.
    private static final Duration WARM_PATIENCE = Duration.ofMillis(500);

    private final EnginePool pool;
    private final Semaphore explaining = new Semaphore(1);
    private final Duration timeout;

    /**
     * @param poolSize how many calls may run at the same time
     * @param timeout the longest that a decision may take, and that a call may wait for its turn
     */
    public WasmEngine(int poolSize, Duration timeout) {
        this.pool = new EnginePool(poolSize, timeout);
        this.timeout = timeout;
    }

    @Override
    public EngineVersion version() {
        return Wire.answer(exchange(timeout, Wire.request("version", "{}"))).as(EngineVersion.class);
    }

    /**
     * Reads the module and makes the first instance, which takes far longer than a decision may.
     *
     * @throws EngineException if the module cannot be used
     */
    public EngineVersion warmUp() {
        return Wire.answer(exchange(LOAD_TIMEOUT, Wire.request("version", "{}"))).as(EngineVersion.class);
    }

    @Override
    public LoadedPolicy load(String source, String file) {
        return read("load", source, file);
    }

    @Override
    public LoadedPolicy validate(String source, String file) {
        return read("validate", source, file);
    }

    @Override
    public void warm(String policyHash, String policySource) {
        byte[] request = sourceRequest("load", policySource, policyHash);
        pool.onEachInstance(WARM_PATIENCE, lease -> lease.call(LOAD_TIMEOUT, request));
    }

    private LoadedPolicy read(String op, String source, String file) {
        Wire.Answer answer = Wire.answer(exchange(LOAD_TIMEOUT, sourceRequest(op, source, file)));
        if (answer.isError(Wire.POLICY_INVALID)) {
            throw new PolicyInvalidException(answer.error().message(), answer.error().diagnostics());
        }
        return answer.as(LoadedPolicy.class);
    }

    @Override
    public Decision decide(String policyHash, String policySource, String context) {
        return underPolicy("decide", policyHash, policySource, context).as(Decision.class);
    }

    @Override
    public Redacted redact(String policyHash, String policySource, String context) {
        return underPolicy("redact", policyHash, policySource, context).as(Redacted.class);
    }

    @Override
    public Explanation explain(String policySource, String file, String kept) {
        // It may take seconds, which decisions must not wait for: of all instances, it has one at most.
        if (!explaining.tryAcquire()) {
            throw EngineException.exhausted("another explanation is being made");
        }
        try {
            return explainAlone(policySource, file, kept);
        } finally {
            explaining.release();
        }
    }

    private Explanation explainAlone(String policySource, String file, String kept) {
        byte[] request = Wire.request(
                "explain",
                "{\"source\":" + Wire.quote(policySource) + ",\"file\":" + Wire.quote(file) + ",\"kept\":" + kept + "}");
        return Wire.answer(exchange(LOAD_TIMEOUT, request)).as(Explanation.class);
    }

    /** An operation on a context, by an instance that holds the policy, or loads it first. */
    private Wire.Answer underPolicy(String op, String policyHash, String policySource, String context) {
        byte[] request =
                Wire.request(op, "{\"policy\":" + Wire.quote(policyHash) + ",\"context\":" + context + "}");
        return pool.run(lease -> {
            Wire.Answer first = Wire.answer(lease.call(timeout, request));
            if (!first.isError(Wire.POLICY_NOT_LOADED)) {
                return first;
            }
            Wire.answer(lease.call(LOAD_TIMEOUT, sourceRequest("load", policySource, policyHash))).as(LoadedPolicy.class);
            return Wire.answer(lease.call(timeout, request));
        });
    }

    @Override
    public PinnedText pin(String wanted) {
        return Wire.answer(exchange(timeout, Wire.request("pin", wanted))).as(PinnedText.class);
    }

    @Override
    public Proof verify(String pinned, List<String> events) {
        byte[] request = Wire.request("verify", "{\"pinned\":" + pinned + ",\"events\":" + Wire.quote(events) + "}");
        return Wire.answer(exchange(timeout, request)).as(Proof.class);
    }

    @Override
    public Remains erase(String pinned, List<String> events, String person) {
        byte[] request = Wire.request(
                "erase",
                "{\"pinned\":" + pinned + ",\"events\":" + Wire.quote(events) + ",\"person\":" + person + "}");
        return Wire.answer(exchange(timeout, request)).as(Remains.class);
    }

    @Override
    public Advance advance(String pinned, List<String> events, String command, Instant now) {
        byte[] request = Wire.request(
                "advance",
                "{\"pinned\":" + pinned + ",\"events\":" + Wire.quote(events) + ",\"command\":" + command + ",\"now\":"
                        + Wire.quote(WireTime.format(now)) + "}");
        return Wire.answer(exchange(timeout, request)).as(Advance.class);
    }

    /** One call as bytes: what the corpus replays. */
    byte[] exchange(byte[] request) {
        return exchange(timeout, request);
    }

    private byte[] exchange(Duration limit, byte[] request) {
        return pool.run(lease -> lease.call(limit, request));
    }

    private static byte[] sourceRequest(String op, String source, String file) {
        return Wire.request(
                op, "{\"source\":" + Wire.quote(source) + ",\"file\":" + Wire.quote(file) + "}");
    }

    EnginePool pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
