package dev.jitapproval.keycloak.engine;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The engine's answer to one step of a flow.
 *
 * @param policy which policy decided
 * @param effect the strictest effect of the enforced rules that matched, or the policy's default
 * @param obligations what must happen before the step goes on; empty under {@code deny} and {@code allow}
 * @param rule the id of the rule that decided, or null where the policy's default did
 * @param matched every rule that matched, in the policy's order, those in observe mode too
 * @param reason a sentence for people, or null
 * @param errors what could not be evaluated, and what came of it
 * @param digest {@code sha256:…} of the facts that the decision used, under confirm, step_up and require_approval; else null
 */
public record Decision(
        PolicyRef policy,
        Effect effect,
        Obligations obligations,
        String rule,
        List<Match> matched,
        String reason,
        List<EvaluationError> errors,
        String digest) {

    public Decision {
        requireNonNull(policy, "policy");
        requireNonNull(effect, "effect");
        obligations = obligations == null ? Obligations.NONE : obligations;
        matched = matched == null ? List.of() : List.copyOf(matched);
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /**
     * The strictest of the rules under observation that matched, if it is stricter than what was decided: what would have happened, had
     * it been enforced.
     */
    public Optional<Match> wouldHave() {
        return matched.stream()
                .filter(match -> match.mode() == PolicyMode.OBSERVE && match.effect().compareTo(effect) < 0)
                .min(Comparator.comparing(Match::effect));
    }

    /**
     * @param name the policy's name
     * @param hash {@code sha256:…} of its source
     */
    public record PolicyRef(String name, String hash) {}

    /**
     * @param rule the rule's id
     * @param effect what it asks for
     * @param mode whether it was enforced
     */
    public record Match(String rule, Effect effect, PolicyMode mode) {}

    /**
     * @param rule the rule's id, or null where the policy itself is meant
     * @param part which expression: {@code when}, {@code reason}, …
     * @param message what went wrong, for the policy's author
     * @param outcome what came of it: {@code deny}, {@code match}, {@code skip} or {@code none}
     */
    public record EvaluationError(String rule, String part, String message, String outcome) {}

    /**
     * Everything that must happen before the step goes on; they add up.
     *
     * @param acr the authentication level that the user must reach, or null
     * @param confirm whether the user must confirm
     * @param remember seconds that a confirmation holds in the browser that gave it, or null where it holds once
     * @param approval the chain of approvers, or null
     * @param grant how long the approval stays good, and for what, or null where it is good once
     */
    public record Obligations(String acr, boolean confirm, Long remember, Chain approval, GrantTerms grant) {

        /** Nothing must happen. */
        public static final Obligations NONE = new Obligations(null, false, null, null, null);
    }
}
