package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore;
import java.util.function.Function;

/** Runs work on the log in a transaction of its own. */
interface LogTransactions {

    /** Runs work, and commits it unless it throws. */
    <T> T run(Function<Work, T> work);

    /**
     * @param decisions the log
     * @param requests where the sources of policies are kept
     */
    record Work(DecisionStore decisions, RequestStore requests) {}
}
