package dev.jitapproval.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Rules and contexts, as tests/bench/engine/cases.js writes them.
 *
 * @param name what benchmarks call it
 * @param policy all rules as a policy for the engine
 * @param rules the same one by one
 * @param steps what is decided, in turn
 */
public record Case(String name, String policy, List<Rule> rules, List<Step> steps) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * @param id the rule's id
     * @param effect what follows when it holds
     * @param guard what an index may be built on
     * @param when the condition without the guard
     * @param full the condition with the guard
     */
    public record Rule(String id, String effect, Guard guard, String when, String full) {}

    /**
     * @param action the only action that the rule is for
     * @param client the only client that it is for, or null where it is for all
     */
    public record Guard(String action, String client) {}

    /**
     * @param context JSON
     * @param bytes the same in UTF-8
     * @param expect what must be decided
     */
    public record Step(String context, byte[] bytes, Contender.Verdict expect) {

        public Step(@JsonProperty("context") String context, @JsonProperty("expect") Contender.Verdict expect) {
            this(context, context.getBytes(StandardCharsets.UTF_8), expect);
        }
    }

    /** Reads the case of this name from the folder that the property {@code jit.bench.cases} names. */
    public static Case named(String name) throws IOException {
        return MAPPER.readValue(Path.of(System.getProperty("jit.bench.cases"), name + ".json").toFile(), Case.class);
    }

    /** Fails where a contender decides anything else than the case says: a wrong answer is not worth timing. */
    public void verify(Contender contender) {
        for (Step step : steps) {
            Contender.Verdict verdict = contender.verdict(contender.decide(step));
            if (!verdict.equals(step.expect())) {
                throw new IllegalStateException(
                        "case " + name + ": expected " + step.expect() + ", and it decided " + verdict + " for " + step.context());
            }
        }
    }
}
