package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The JSON envelope of docs/wire-format.md. What the engine wrote is passed on as it is, never written anew. */
final class Wire {

    static final String POLICY_NOT_LOADED = "policy_not_loaded";
    static final String POLICY_INVALID = "policy_invalid";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantReader()))
            .build();

    // The bytes are canonical (RFC 8785).
    private static final byte[] OK = "{\"ok\":".getBytes(StandardCharsets.UTF_8);

    private Wire() {}

    /** An error that the engine answered with. */
    record WireError(String code, String message, List<Diagnostic> diagnostics) {}

    static byte[] request(String op, String body) {
        String envelope = "{\"v\":1,\"op\":" + quote(op) + ",\"body\":" + body + "}";
        return envelope.getBytes(StandardCharsets.UTF_8);
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }

    static String quote(List<String> texts) {
        try {
            return MAPPER.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer: what was asked for, or an error. */
    static final class Answer {

        private final byte[] bytes;
        private final WireError error;

        private Answer(byte[] bytes, WireError error) {
            this.bytes = bytes;
            this.error = error;
        }

        /**
         * What was asked for, as a record.
         *
         * @throws EngineException if it is an error, or not what it should be
         */
        <T> T as(Class<T> type) {
            if (error != null) {
                throw EngineException.protocol(
                        error.code(), "the policy engine answered `" + error.code() + "`: " + error.message(), null);
            }
            try (JsonParser parser = MAPPER.createParser(bytes)) {
                parser.nextToken();
                parser.nextToken();
                parser.nextToken();
                T content = MAPPER.readerFor(type).readValue(parser);
                if (content == null || parser.nextToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                    throw EngineException.protocol(
                            null, "the policy engine's answer has something else beside " + type.getSimpleName(), null);
                }
                return content;
            } catch (IOException | IllegalArgumentException e) {
                throw EngineException.protocol(
                        null, "the policy engine's answer is no " + type.getSimpleName() + ": " + e.getMessage(), e);
            }
        }

        /** The error, or null. */
        WireError error() {
            return error;
        }

        boolean isError(String code) {
            return error != null && error.code().equals(code);
        }
    }

    /**
     * Reads an answer's envelope. What is in it is read when it is known as what, and once: a tree of it would take half as long as the
     * decision.
     *
     * @throws EngineException if it is none
     */
    static Answer answer(byte[] bytes) {
        if (bytes.length > OK.length && Arrays.equals(bytes, 0, OK.length, OK, 0, OK.length)) {
            return new Answer(bytes, null);
        }
        try {
            JsonNode envelope = MAPPER.readTree(bytes);
            if (envelope.size() == 1 && envelope.path("error").path("code").isTextual()) {
                return new Answer(bytes, error(envelope.get("error")));
            }
        } catch (IOException e) {
            throw EngineException.protocol(null, "the policy engine's answer is not JSON: " + e.getMessage(), e);
        }
        throw EngineException.protocol(null, "the policy engine's answer is neither `ok` nor `error`", null);
    }

    private static WireError error(JsonNode node) throws JsonProcessingException {
        List<Diagnostic> diagnostics = new ArrayList<>();
        for (JsonNode diagnostic : node.path("diagnostics")) {
            diagnostics.add(MAPPER.treeToValue(diagnostic, Diagnostic.class));
        }
        return new WireError(node.get("code").textValue(), node.path("message").asText(), diagnostics);
    }

    private static final class InstantReader extends JsonDeserializer<Instant> {

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
