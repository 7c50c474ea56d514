package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.LoadedPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;

/** Policies that this node's engine has accepted, by their hash, wherever they came from. */
public final class KnownPolicies {

    private static final Logger LOG = Logger.getLogger(KnownPolicies.class);
    private static final int MOST = 256;

    private final Engine engine;
    private final PolicyArchive archive;
    private final Map<String, Policy> remembered = new ConcurrentHashMap<>();

    public KnownPolicies(Engine engine, PolicyArchive archive) {
        this.engine = engine;
        this.archive = archive;
    }

    /** The policy with this hash, from memory or from the database. */
    Optional<Policy> byHash(KeycloakSession session, String hash) {
        Policy known = remembered.get(hash);
        return known != null ? Optional.of(known) : archive.source(session, hash).map(source -> load(source, hash));
    }

    /**
     * Compiles a policy, and makes every instance of the engine ready for it.
     *
     * @param file what diagnostics call it
     * @throws dev.jitapproval.keycloak.engine.PolicyInvalidException if it has errors
     */
    Policy prepare(String source, String file) {
        Policy policy = load(source, file);
        engine.warm(policy.hash(), source);
        return policy;
    }

    private Policy load(String source, String file) {
        LoadedPolicy loaded = engine.load(source, file);
        loaded.warnings().forEach(warning -> LOG.warn(warning.rendered()));
        Policy policy = new Policy(
                loaded.hash(), loaded.name(), loaded.mode(), loaded.actions(), loaded.reads(), source, loaded.decisionLog());
        if (remembered.size() >= MOST) {
            remembered.clear();
        }
        remembered.put(policy.hash(), policy);
        return policy;
    }
}
