package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.approval.ApprovalConflictException;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** What went wrong with a policy, in the words of the admin API. */
final class PolicyProblems {

    /** The engine's answer to a request that is longer than it takes. */
    private static final String TOO_LARGE = "too_large";

    private PolicyProblems() {}

    /** @throws Problem 404, 409, 413, 422 or 503 */
    static <T> T translate(Supplier<T> work) {
        try {
            return work.get();
        } catch (PolicyInvalidException e) {
            throw Problem.of(ProblemType.POLICY_INVALID, e.getMessage() + ".").with("diagnostics", e.diagnostics());
        } catch (PolicyConflictException e) {
            throw Problem.of(type(e.reason()), e.getMessage());
        } catch (ApprovalConflictException e) {
            throw Problem.of(ProblemType.CONFLICT, e.getMessage());
        } catch (NoSuchElementException e) {
            throw Problem.notFound("policy version");
        } catch (EngineException e) {
            if (TOO_LARGE.equals(e.code())) {
                throw Problem.of(ProblemType.BODY_TOO_LARGE, "The policy is too large for the engine: " + e.getMessage() + ".");
            }
            throw Problem.of(ProblemType.UNAVAILABLE, "The policy could not be checked: " + e.getMessage() + ".");
        }
    }

    private static ProblemType type(PolicyConflictException.Reason reason) {
        return switch (reason) {
            case POLICIES_FROM_FILES -> ProblemType.POLICIES_FROM_FILES;
            case NOTHING_TO_ROLL_BACK -> ProblemType.NOTHING_TO_ROLL_BACK;
        };
    }
}
