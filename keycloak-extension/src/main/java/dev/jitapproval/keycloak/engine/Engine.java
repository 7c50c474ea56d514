package dev.jitapproval.keycloak.engine;

import java.time.Instant;
import java.util.List;

/**
 * The policy engine's typed operations. Safe for use by many threads.
 *
 * <p>Every method throws {@link EngineException} where there is no answer: take it as a no.
 */
public interface Engine {

    /** The engine's version, as the module says. */
    EngineVersion version();

    /**
     * Checks a policy and gives it its hash.
     *
     * @param source the YAML text
     * @param file what diagnostics call it
     * @throws PolicyInvalidException if it has errors
     */
    LoadedPolicy load(String source, String file);

    /**
     * Checks a policy as {@link #load} does, and keeps nothing of it.
     *
     * @param source the YAML text
     * @param file what diagnostics call it
     * @throws PolicyInvalidException if it has errors
     */
    LoadedPolicy validate(String source, String file);

    /**
     * Loads a policy into every instance of the engine that there is, so that the decisions which need it next do not wait for that. An
     * instance that is at work all the while, or is made later, loads it when it meets it.
     *
     * @param policyHash {@code sha256:…}
     * @param policySource the YAML text, which {@link #load} has accepted
     */
    void warm(String policyHash, String policySource);

    /**
     * Decides a step.
     *
     * @param policyHash {@code sha256:…}
     * @param policySource the YAML text, for an instance that has not loaded it yet
     * @param context the context as a JSON object, see docs/context-reference.md
     */
    Decision decide(String policyHash, String policySource, String context);

    /**
     * Takes out of a context what the policy does not want kept.
     *
     * @param policyHash {@code sha256:…}
     * @param policySource the YAML text, for an instance that has not loaded it yet
     * @param context the context as a JSON object, as {@link #decide} takes it
     */
    Redacted redact(String policyHash, String policySource, String context);

    /**
     * Says why a decision that was kept came out as it did: what each clause of each rule came to. Takes as long as loading the policy, and is
     * done once at a time.
     *
     * @param policySource the YAML text
     * @param file what the policy is called
     * @param kept what the decision log has of the decision, as a JSON object, see docs/wire-format.md
     */
    Explanation explain(String policySource, String file, String kept);

    /**
     * Writes the document that is stored when a request is made.
     *
     * @param wanted what is to be pinned, as a JSON object
     */
    PinnedText pin(String wanted);

    /**
     * Folds a command into a request's history.
     *
     * @param pinned what {@link #pin} wrote when the request was opened
     * @param events its events, as the engine wrote them
     * @param command the command, as a JSON object
     * @param now the instant at which the command is given
     */
    Advance advance(String pinned, List<String> events, String command, Instant now);

    /**
     * Verifies a request's hash chain.
     *
     * @throws EngineException with the code {@code broken_history}, and a message that names the first event that does not fit
     */
    Proof verify(String pinned, List<String> events);

    /**
     * Takes out of a request that has ended what identifies people and what they wrote.
     *
     * @param person whose parts, as a JSON object with {@code id}, {@code username} and {@code person_key}; null for everybody's
     * @throws EngineException with the code {@code not_ended} while the request is live, {@code broken_history} where its history does not
     *     hold
     */
    Remains erase(String pinned, List<String> events, String person);
}
