package dev.jitapproval.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The engine as its module has it: an envelope's bytes in, an envelope's bytes out. */
final class EngineCall implements Contender {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final byte[] END = "}}".getBytes(StandardCharsets.UTF_8);

    private final UnaryOperator<byte[]> engine;
    private final byte[] begin;

    /** @param engine one instance, which holds no policy yet */
    EngineCall(UnaryOperator<byte[]> engine, Case rules) {
        this.engine = engine;
        String hash = load(rules).get("hash").textValue();
        this.begin = ("{\"v\":1,\"op\":\"decide\",\"body\":{\"policy\":\"" + hash + "\",\"context\":")
                .getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode load(Case rules) {
        Map<String, Object> body = Map.of("source", rules.policy(), "file", "bench.yaml");
        try {
            return ok(engine.apply(MAPPER.writeValueAsBytes(Map.of("v", 1, "op", "load", "body", body))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object decide(Case.Step step) {
        byte[] context = step.bytes();
        byte[] request = new byte[begin.length + context.length + END.length];
        System.arraycopy(begin, 0, request, 0, begin.length);
        System.arraycopy(context, 0, request, begin.length, context.length);
        System.arraycopy(END, 0, request, begin.length + context.length, END.length);
        return engine.apply(request);
    }

    @Override
    public Verdict verdict(Object decision) {
        try {
            JsonNode ok = ok((byte[]) decision);
            return new Verdict(ok.get("effect").textValue(), ok.get("rule").textValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode ok(byte[] answer) throws IOException {
        JsonNode envelope = MAPPER.readTree(answer);
        JsonNode error = envelope.get("error");
        if (error == null) {
            return envelope.get("ok");
        }
        JsonNode diagnostics = error.path("diagnostics");
        String why = diagnostics.isEmpty() ? error.get("message").textValue() : diagnostics.get(0).get("message").textValue();
        throw new RefusedException(why);
    }
}
