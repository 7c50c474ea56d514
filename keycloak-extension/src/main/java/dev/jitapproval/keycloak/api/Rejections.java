package dev.jitapproval.keycloak.api;

import dev.jitapproval.keycloak.approval.ApprovalConflictException;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.Outcome;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What came of a command, as an answer or a problem. */
public final class Rejections {

    private Rejections() {}

    /**
     * Carries a command out.
     *
     * @return the request afterwards
     * @throws Problem where the state machine rejected it, under the rejection's code; 404 where there is no such request
     */
    public static ApprovalRequest orProblem(Supplier<Outcome> command) {
        return orProblem(command, UnaryOperator.identity());
    }

    /** The same. @param more adds to a rejection's problem what the caller knows besides */
    public static ApprovalRequest orProblem(Supplier<Outcome> command, UnaryOperator<Problem> more) {
        Outcome outcome;
        try {
            outcome = command.get();
        } catch (NoSuchElementException none) {
            throw Problem.notFound("request");
        } catch (ApprovalConflictException busy) {
            throw Problem.of(ProblemType.CONFLICT, "Others kept changing the request; nothing was recorded. Try again.");
        }
        if (outcome.accepted()) {
            return outcome.request();
        }
        String code = outcome.rejectionCode().orElseThrow();
        ProblemType type = ProblemType.ofRejection(code)
                .orElseThrow(() -> new IllegalStateException("the engine rejected with the unknown code " + code));
        throw more.apply(Problem.of(type, sentence(outcome.rejection().message()))
                .with("request_status", outcome.request().status().wireName()));
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }
}
