package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.policy.Policy;
import java.util.List;
import java.util.OptionalDouble;

/** For policies that say nothing about the log: a context never holds a credential, so it may be kept as it is. */
final class UnredactedRules implements LogRules {

    @Override
    public OptionalDouble sample(Policy policy) {
        return OptionalDouble.empty();
    }

    @Override
    public Redacted redact(Policy policy, String context) {
        return new Redacted(context, List.of());
    }
}
