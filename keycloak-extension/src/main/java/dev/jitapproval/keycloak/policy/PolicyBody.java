package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A policy as it is sent, and what its author says about it.
 *
 * @param source the YAML text, whose bytes are kept as they are
 * @param comment or null
 */
record PolicyBody(String source, String comment) {

    /** The most bytes of a source; the engine takes no more. */
    static final int MAX_SOURCE = 2 << 20;

    /** JSON may write a character of two bytes as six. A server takes no body of more than 10 MiB by default. */
    static final int MAX_BODY = 3 * MAX_SOURCE + Body.SMALL;

    static final int MAX_COMMENT = 2_000;


    /** The member names of the JSON form. */
    record Form(String source, String comment) {}

    /** The JSON form of a switch, all of which may be left out. */
    record Remark(String comment) {}

    /** @throws Problem 400, 413 or 422, which says what would be right */
    static PolicyBody json(Body body) {
        Form form = body.as(Form.class);
        if (form.source() == null) {
            throw Problem.of(ProblemType.INVALID_BODY, "The member `source` is missing: the policy, as YAML in a string.")
                    .with("pointer", "/source");
        }
        return new PolicyBody(checked(form.source()), remark(form.comment()));
    }

    /**
     * @param comment from the query, or null
     * @throws Problem 400, 413 or 422, which says what would be right
     */
    static PolicyBody yaml(Body body, String comment) {
        try {
            String source = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.bytes())).toString();
            return new PolicyBody(checked(source), remark(comment));
        } catch (CharacterCodingException e) {
            throw Problem.of(ProblemType.INVALID_BODY, "The policy is not valid UTF-8.");
        }
    }

    /**
     * A comment without what could spoil a terminal or a database.
     *
     * @throws Problem 422, if it is too long
     */
    static String remark(String written) {
        if (written == null || written.isBlank()) {
            return null;
        }
        if (written.length() > MAX_COMMENT) {
            throw Problem.of(ProblemType.COMMENT_TOO_LONG, "A comment may have " + MAX_COMMENT + " characters.");
        }
        return wellFormed(written, "comment").replaceAll("[\\p{Cc}&&[^\\n\\t]]", "").strip();
    }

    private static String checked(String source) {
        if (wellFormed(source, "source").getBytes(StandardCharsets.UTF_8).length > MAX_SOURCE) {
            throw Problem.of(ProblemType.BODY_TOO_LARGE, "A policy may have " + MAX_SOURCE + " bytes.").with("max_bytes", MAX_SOURCE);
        }
        return source;
    }

    /** The hash is of the bytes: a text that has none in UTF-8 would be stored as another one. */
    private static String wellFormed(String text, String member) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw Problem.of(ProblemType.INVALID_BODY, "The member `" + member + "` holds half of a surrogate pair, which is no character.")
                    .with("pointer", "/" + member);
        }
        return text;
    }
}
