package dev.jitapproval.keycloak.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The body of a call, read strictly: UTF-8 JSON of a bounded size and depth, no member that is unknown or stands there twice, no number
 * where a string belongs.
 */
public final class Body {

    /** Bytes of a body that holds a few fields. */
    public static final int SMALL = 64 * 1024;

    private static final int MAX_DEPTH = 32;
    private static final String TOO_MUCH = "it is nested too deeply, or a value in it is too long";

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, text -> text
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .build();

    private final byte[] bytes;

    private Body(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes the bytes in.
     *
     * @param max the most bytes
     * @throws Problem 413, if there are more
     */
    public static Body of(InputStream stream, int max) {
        if (stream == null) {
            return new Body(new byte[0]);
        }
        try {
            byte[] read = stream.readNBytes(max + 1);
            if (read.length > max) {
                throw Problem.of(ProblemType.BODY_TOO_LARGE, "The body may have " + max + " bytes.").with("max_bytes", max);
            }
            return new Body(read);
        } catch (IOException cut) {
            throw Problem.of(ProblemType.BAD_REQUEST, "The body ended early.");
        }
    }

    /** The body as it was sent. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Reads the body as a record whose members have the record's names in snake_case.
     *
     * @throws Problem 400, which says where and what would be right
     */
    public <T> T as(Class<T> form) {
        if (bytes.length == 0) {
            throw Problem.of(ProblemType.INVALID_BODY, "This call takes a JSON object as its body; there is none.");
        }
        return read(form);
    }

    /** The same, where an empty body stands for {@code {}}. */
    public <T> T asOptional(Class<T> form) {
        return bytes.length == 0 ? new Body(new byte[] {'{', '}'}).read(form) : read(form);
    }

    /** For a call that takes nothing. @throws Problem 400, unless there is no body, or one that is {@code {}} */
    public void requireNothing() {
        asOptional(Nothing.class);
    }

    private record Nothing() {}

    private <T> T read(Class<T> form) {
        try {
            T value = MAPPER.readValue(bytes, form);
            if (value == null) {
                throw Problem.of(ProblemType.INVALID_BODY, "The body must be a JSON object, not null.");
            }
            return value;
        } catch (UnrecognizedPropertyException unknown) {
            List<String> known = unknown.getKnownPropertyIds().stream().map(String::valueOf).toList();
            String name = unknown.getPropertyName();
            throw Problem.of(ProblemType.INVALID_BODY, "There is no member `" + pointer(unknown) + "`. " + Suggestions.sentence(name, known))
                    .with("pointer", pointer(unknown));
        } catch (StreamConstraintsException tooDeep) {
            throw malformed(TOO_MUCH, tooDeep);
        } catch (JsonParseException notJson) {
            throw malformed(notJson.getOriginalMessage(), notJson);
        } catch (CharConversionException notUtf8) {
            throw Problem.of(ProblemType.MALFORMED_JSON, "The body is not JSON in UTF-8.");
        } catch (JsonMappingException wrong) {
            if (wrong.getCause() instanceof JsonParseException notJson) {
                throw malformed(notJson.getOriginalMessage(), notJson);
            }
            if (wrong.getCause() instanceof StreamConstraintsException tooDeep) {
                throw malformed(TOO_MUCH, tooDeep);
            }
            throw Problem.of(ProblemType.INVALID_BODY, "The member `" + pointer(wrong) + "` does not have the form that it should: "
                            + plain(wrong.getOriginalMessage()))
                    .with("pointer", pointer(wrong));
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory can be read", impossible);
        }
    }

    private static Problem malformed(String what, JsonProcessingException cause) {
        String where = cause.getLocation() == null ? ""
                : " in line " + cause.getLocation().getLineNr() + ", column " + cause.getLocation().getColumnNr();
        return Problem.of(ProblemType.MALFORMED_JSON, "The body cannot be read as JSON" + where + ": " + plain(what));
    }

    /** A JSON pointer (RFC 6901) to where a mapping failed. */
    private static String pointer(JsonMappingException failed) {
        return failed.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .filter(Objects::nonNull)
                .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    /** Jackson's sentence without its hints to programmers and the names of classes. */
    private static String plain(String message) {
        String first = message == null ? "" : message.lines().findFirst().orElse("");
        return first.replaceAll(" \\(.*", "").replaceAll("`?\\b[\\w$]+(?:\\.[\\w$]+)+`?", "the expected form").strip();
    }
}
