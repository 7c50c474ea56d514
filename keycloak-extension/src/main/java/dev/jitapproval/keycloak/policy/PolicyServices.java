package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.cluster.ClusterNotes;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.policy.jpa.JpaPolicyHistory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Where this server's policies come from, and what it does to keep up with it. */
public final class PolicyServices implements AutoCloseable {

    private static final String TOPIC = "jit-approval-policies";

    private final KeycloakSessionFactory factory;
    private final Policies policies;
    private final Runnable look;
    private final PolicyVersions versions;
    private PolicyWatch watch;

    /** @param directory the directory with the policies, or empty where they are in the database */
    public PolicyServices(Optional<Path> directory, Engine engine, PolicyArchive archive, KeycloakSessionFactory factory) {
        this.factory = factory;
        Clock clock = KeycloakClock.UTC;
        KnownPolicies known = new KnownPolicies(engine, archive);
        PolicyHistory.Transactions database = JpaPolicyHistory.transactions(factory);
        if (directory.isPresent()) {
            PolicyDirectory files = new PolicyDirectory(directory.get(), known, clock);
            policies = files;
            look = files::refresh;
            files.readAll();
        } else {
            StoredPolicies stored = new StoredPolicies(database, known, clock);
            policies = stored;
            look = stored::refresh;
        }
        versions = new PolicyVersions(database, engine, directory, this::onSwitch, clock);
    }

    /** The policies that decide. */
    public Policies policies() {
        return policies;
    }

    /** The history in the database. */
    public PolicyVersions versions() {
        return versions;
    }

    /** Reads what is active before the server answers, and follows it from then on; the database is ready. */
    public void follow() {
        look.run();
        watch = new PolicyWatch(look);
        ClusterNotes.listen(factory, TOPIC, realmId -> watch.lookSoon());
    }

    private void onSwitch(String realmId) {
        KeycloakModelUtils.runJobInTransaction(factory, session -> ClusterNotes.tellOthers(session, TOPIC, realmId));
        // On this thread, so that this node decides by it when its admin reads the answer.
        look.run();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
