package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.engine.Diagnostic;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The policies in a directory, one file for each realm.
 *
 * <p>The directory is looked at every second by {@link PolicyWatch}; asking for a policy reads no file. What changes becomes
 * active once it has looked the same twice, so that a file caught half-written, which may well be a valid policy with fewer
 * rules, is not. What is not valid never replaces what is active: every diagnostic is logged and the old version goes on deciding. A file that is
 * deleted leaves its policy active until the server restarts, because a deployment that goes wrong half-way must neither open
 * a realm nor lock everybody out of it.
 */
public final class PolicyDirectory implements Policies {

    private static final Logger LOG = Logger.getLogger(PolicyDirectory.class);

    private final Path directory;
    private final KnownPolicies known;
    private final Clock clock;
    private final Map<String, RealmPolicy> realms = new ConcurrentHashMap<>();
    private Map<String, PolicyFile.Stamp> lastLook = Map.of();
    private String lastTrouble;

    public PolicyDirectory(Path directory, KnownPolicies known, Clock clock) {
        this.directory = directory;
        this.known = known;
        this.clock = clock;
    }

    @Override
    public Optional<Policy> active(RealmModel realm) {
        return active(realm.getName());
    }

    Optional<Policy> active(String realmName) {
        return Optional.ofNullable(realms.getOrDefault(realmName, RealmPolicy.NONE).active());
    }

    @Override
    public PolicyStatus status(RealmModel realm) {
        return status(realm.getName());
    }

    PolicyStatus status(String realmName) {
        return realms.getOrDefault(realmName, RealmPolicy.NONE).status();
    }

    @Override
    public Optional<Policy> byHash(KeycloakSession session, String hash) {
        return known.byHash(session, hash);
    }

    /** Reads everything now, without waiting for files to settle: what a server does when it starts. */
    public synchronized void readAll() {
        look(false);
    }

    /** Looks for changes. */
    public synchronized void refresh() {
        look(true);
    }

    private void look(boolean settledOnly) {
        Map<String, List<PolicyFile>> byRealm;
        try {
            byRealm = list();
            lastTrouble = null;
        } catch (IOException e) {
            if (!e.toString().equals(lastTrouble)) {
                LOG.errorf("The policy directory %s cannot be read: %s. Policies that are active stay active.", directory, e);
                lastTrouble = e.toString();
            }
            return;
        }
        Map<String, PolicyFile.Stamp> look = new HashMap<>();
        byRealm.forEach((realmName, files) -> {
            files.forEach(file -> look.put(file.fileName(), file.stamp()));
            if (files.size() > 1) {
                reject(realmName, ambiguous(realmName, files), null);
            } else {
                PolicyFile file = files.get(0);
                if (!settledOnly || file.stamp().equals(lastLook.get(file.fileName()))) {
                    read(file);
                }
            }
        });
        lastLook = look;
        noteDeleted(byRealm.keySet());
    }

    private Map<String, List<PolicyFile>> list() throws IOException {
        Map<String, List<PolicyFile>> byRealm = new TreeMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
                PolicyFile.of(path)
                        .ifPresent(file -> byRealm.computeIfAbsent(file.realmName(), name -> new ArrayList<>()).add(file));
            }
        }
        return byRealm;
    }

    private void read(PolicyFile file) {
        RealmPolicy before = realms.getOrDefault(file.realmName(), RealmPolicy.NONE);
        if (file.stamp().equals(before.seen())) {
            return;
        }
        try {
            Policy policy = known.prepare(file.read(), file.fileName());
            if (before.active() != null && before.active().hash().equals(policy.hash())) {
                realms.put(file.realmName(), before.confirm(file));
            } else {
                realms.put(file.realmName(), before.activate(policy, file, clock.instant()));
                LOG.infof("Realm %s: policy %s from %s is active (%s)",
                        file.realmName(), policy.name(), file.fileName(), policy.hash());
            }
        } catch (PolicyInvalidException e) {
            String details = e.diagnostics().stream().map(Diagnostic::rendered).collect(Collectors.joining("\n"));
            reject(file.realmName(), e.getMessage() + "\n" + details, file.stamp());
        } catch (IOException e) {
            reject(file.realmName(), file.fileName() + " cannot be read: " + e.getMessage(), file.stamp());
        } catch (EngineException e) {
            // Not the file's fault, so it is read again at the next look.
            reject(file.realmName(), file.fileName() + " could not be checked: " + e.getMessage(), null);
        }
    }

    private void reject(String realmName, String why, PolicyFile.Stamp stamp) {
        RealmPolicy known = realms.getOrDefault(realmName, RealmPolicy.NONE);
        realms.put(realmName, known.reject(why, stamp));
        if (why.equals(known.error())) {
            return;
        }
        String consequence = known.active() == null
                ? "There is no policy for this realm yet, so every step that the checkpoint guards is refused."
                : "The version that was active goes on deciding (" + known.active().hash() + ").";
        LOG.errorf("Realm %s: the policy is not accepted. %s%n%s", realmName, consequence, why);
    }

    private void noteDeleted(Set<String> present) {
        Set<String> gone = new HashSet<>(realms.keySet());
        gone.removeAll(present);
        for (String realmName : gone) {
            RealmPolicy known = realms.get(realmName);
            if (known.active() == null) {
                realms.remove(realmName);
            } else if (known.seen() != null || known.error() == null) {
                String why = known.fileName() + " was deleted; its policy stays active until the server restarts";
                realms.put(realmName, known.reject(why, null));
                LOG.warnf("Realm %s: %s.", realmName, why);
            }
        }
    }

    private static String ambiguous(String realmName, List<PolicyFile> files) {
        String names = files.stream().map(PolicyFile::fileName).sorted().collect(Collectors.joining(", "));
        return "realm " + realmName + " has " + files.size() + " policy files (" + names + "); keep exactly one";
    }
}
