package dev.jitapproval.bench;

/** Something that decides, with a case's rules loaded. For one thread. */
public interface Contender extends AutoCloseable {

    /** One whole decision: a context in JSON comes in, a decision goes out. */
    Object decide(Case.Step step);

    /** What a decision comes to; it is asked before measuring, and not measured. */
    Verdict verdict(Object decision);

    @Override
    default void close() {}

    /**
     * @param effect {@code allow}, {@code confirm} or {@code deny}
     * @param rule the id of the rule that decided
     */
    record Verdict(String effect, String rule) {}

    /** The contender does not take this case. */
    final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        public RefusedException(String message) {
            super(message);
        }
    }
}
