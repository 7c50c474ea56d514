package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.Diagnostic;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The policies in the database, as this node follows them. Asking for one reads nothing: whoever decides takes what was ready at that
 * moment, and a new policy takes its place at once and as a whole, after it has been compiled.
 *
 * <p>A version that this node cannot compile never replaces the one that decides here. While the database cannot be read, what is
 * active stays so; where nothing has been read yet, a realm has no policy, and the checkpoint refuses.
 */
public final class StoredPolicies implements Policies {

    private static final Logger LOG = Logger.getLogger(StoredPolicies.class);

    private final PolicyHistory.Transactions database;
    private final KnownPolicies known;
    private final Clock clock;
    private final Map<String, FollowedPolicy> realms = new ConcurrentHashMap<>();
    private volatile boolean readOnce;
    private volatile String trouble = "The policies in the database have not been read yet.";

    public StoredPolicies(PolicyHistory.Transactions database, KnownPolicies known, Clock clock) {
        this.database = database;
        this.known = known;
        this.clock = clock;
    }

    @Override
    public Optional<Policy> active(RealmModel realm) {
        return active(realm.getId());
    }

    Optional<Policy> active(String realmId) {
        return Optional.ofNullable(realms.getOrDefault(realmId, FollowedPolicy.NONE).policy());
    }

    @Override
    public PolicyStatus status(RealmModel realm) {
        return status(realm.getId());
    }

    PolicyStatus status(String realmId) {
        return realms.getOrDefault(realmId, FollowedPolicy.NONE).status(trouble);
    }

    /** Once they have been read, trouble with the database says nothing about a realm that had no policy. */
    @Override
    public boolean isUnknown(RealmModel realm) {
        return isUnknown(realm.getId());
    }

    boolean isUnknown(String realmId) {
        FollowedPolicy followed = realms.getOrDefault(realmId, FollowedPolicy.NONE);
        return followed.policy() == null && (!readOnce || followed.error() != null);
    }

    @Override
    public Optional<Policy> byHash(KeycloakSession session, String hash) {
        return known.byHash(session, hash);
    }

    /** Takes over what was activated since the last look. Never throws because the database or a policy is no good. */
    public synchronized void refresh() {
        Map<String, Long> last;
        try {
            last = database.run(PolicyHistory::lastActivations);
            for (Map.Entry<String, Long> realm : last.entrySet()) {
                if (realms.getOrDefault(realm.getKey(), FollowedPolicy.NONE).seen() != realm.getValue()) {
                    followOrReport(realm.getKey());
                }
            }
        } catch (RuntimeException e) {
            String now = "The policies in the database cannot be read: " + e;
            if (!now.equals(trouble)) {
                LOG.errorf(e, "The policies in the database cannot be read. Those that are active here stay so; it is tried again every"
                        + " second.");
                trouble = now;
            }
            return;
        }
        readOnce = true;
        if (trouble != null) {
            LOG.infof("The policies of %d realms have been read from the database", last.size());
            trouble = null;
        }
        realms.keySet().retainAll(last.keySet());
    }

    /** One realm whose rows are no good must not keep the others from being followed. */
    private void followOrReport(String realmId) {
        try {
            follow(realmId);
        } catch (RuntimeException e) {
            FollowedPolicy before = realms.getOrDefault(realmId, FollowedPolicy.NONE);
            reject(realmId, before.reject(before.seen(), "What was activated cannot be read from the database: " + e));
        }
    }

    private void follow(String realmId) {
        record Found(ActivePolicy active, String source) {}
        Optional<Found> found = database.run(history -> history.active(realmId)
                .map(active -> new Found(active, history.source(active.version().hash()).orElseThrow())));
        if (found.isEmpty()) {
            return;
        }
        ActivePolicy wanted = found.get().active();
        FollowedPolicy before = realms.getOrDefault(realmId, FollowedPolicy.NONE);
        try {
            Policy policy = known.prepare(found.get().source(), "version " + wanted.version().number());
            realms.put(realmId, before.activate(policy, wanted, clock.instant()));
            LOG.infof("Realm %s: version %d of its policy is active: %s (%s)",
                    realmId, wanted.version().number(), policy.name(), policy.hash());
        } catch (PolicyInvalidException e) {
            String details = e.diagnostics().stream().map(Diagnostic::rendered).collect(Collectors.joining("\n"));
            reject(realmId, before.reject(wanted.activation().seq(), why(wanted, e.getMessage() + "\n" + details)));
        } catch (EngineException e) {
            // Not the policy's fault, so it is tried again at the next look.
            reject(realmId, before.reject(before.seen(), why(wanted, e.getMessage())));
        }
    }

    private void reject(String realmId, FollowedPolicy rejected) {
        FollowedPolicy before = realms.put(realmId, rejected);
        if (before == null || !rejected.error().equals(before.error())) {
            LOG.errorf("Realm %s: %s", realmId, rejected.error());
        }
    }

    private static String why(ActivePolicy wanted, String what) {
        return "Version " + wanted.version().number() + " was activated and this node cannot load it: " + what;
    }
}
