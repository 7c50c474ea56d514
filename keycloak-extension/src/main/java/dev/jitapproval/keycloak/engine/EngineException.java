package dev.jitapproval.keycloak.engine;

/**
 * The engine could not answer. Whoever asked must take it as a no: there is no decision to go by.
 */
public final class EngineException extends RuntimeException {

    private final Kind kind;
    private final String code;

    /** What kind of failure it was; a label for metrics. */
    public enum Kind {
        /** The module trapped: out of memory or stack. */
        TRAP,
        /** The answer took longer than the configured time. */
        TIMEOUT,
        /** No instance was free in time: more load than the pool can carry. */
        EXHAUSTED,
        /** The engine answered with an error, or with something that is no answer. */
        PROTOCOL
    }

    EngineException(Kind kind, String code, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    static EngineException trap(Throwable cause) {
        return new EngineException(Kind.TRAP, null, "the policy engine trapped: " + cause.getMessage(), cause);
    }

    static EngineException timeout(String message) {
        return new EngineException(Kind.TIMEOUT, null, message, null);
    }

    static EngineException exhausted(String message) {
        return new EngineException(Kind.EXHAUSTED, null, message, null);
    }

    static EngineException protocol(String code, String message, Throwable cause) {
        return new EngineException(Kind.PROTOCOL, code, message, cause);
    }

    /** What kind of failure it was. */
    public Kind kind() {
        return kind;
    }

    /** The stable code of the engine's error answer ({@code invalid_context}, {@code bad_body}, …), or null. */
    public String code() {
        return code;
    }
}
