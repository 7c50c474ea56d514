package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.admin.Checkpoint;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.observe.Health.Check;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.timer.ScheduledTask;

/** Reads anew what metrics and health checks say; on every node, as each is asked for its own. */
final class FiguresTask implements ScheduledTask {

    static final long EVERY_MILLIS = 10_000;

    private static final Logger LOG = Logger.getLogger(FiguresTask.class);
    private static final int MOST_NAMED = 5;

    private final DatabaseFigures database = new DatabaseFigures();
    private final PolicyFigures policies = new PolicyFigures();
    private final DoorFigures doors = new DoorFigures();

    @Override
    public String getTaskName() {
        return "jit-approval-figures";
    }

    @Override
    public void run(KeycloakSession session) {
        Engine engine = JitApprovalProvider.of(session).engine();
        look(engine);
        try {
            look(session, engine);
            Health.looked();
        } catch (RuntimeException unavailable) {
            Health.set(Check.DATABASE, "the tables cannot be read; the server's log says why");
            LOG.warnf(unavailable, "The figures cannot be read; it is tried again in %d s", EVERY_MILLIS / 1000);
            session.getTransactionManager().setRollbackOnly();
        }
    }

    private static void look(Engine engine) {
        try {
            engine.version();
            Health.set(Check.ENGINE, null);
        } catch (EngineException failure) {
            Health.set(Check.ENGINE, failure.getMessage());
        }
    }

    private void look(KeycloakSession session, Engine engine) {
        Set<String> names = session.realms().getRealmsStream().map(RealmModel::getName).collect(Collectors.toSet());
        RetiredSeries.ofRealmsBut(names);
        List<RealmModel> known = session.realms().getRealmsStream()
                .filter(realm -> realm.getClientByClientId(ReviewClient.CLIENT_ID) != null)
                .toList();
        List<PolicyFigures.Realm> realms = known.stream()
                .map(realm -> new PolicyFigures.Realm(realm.getName(), Checkpoint.guards(session, realm),
                        JitApprovalProvider.of(session).policies().status(realm)))
                .toList();
        policies.show(realms, engine);
        doors.show(session, known,
                realms.stream().collect(Collectors.toMap(PolicyFigures.Realm::name, realm -> realm.policy().active())), KeycloakClock.now());
        Health.set(Check.POLICY, lacking(realms));
        Duration lag = database.read(
                session.getProvider(JpaConnectionProvider.class).getEntityManager(),
                id -> Optional.ofNullable(session.realms().getRealm(id)).map(RealmModel::getName),
                KeycloakClock.now());
        Health.set(Check.OUTBOX, lag.compareTo(Health.LONGEST_LAG) <= 0 ? null
                : "the oldest side effect has waited for " + lag.toSeconds() + " s");
    }

    private static String lacking(List<PolicyFigures.Realm> realms) {
        List<String> names = realms.stream().filter(PolicyFigures.Realm::lacksPolicy).map(PolicyFigures.Realm::name).toList();
        if (names.isEmpty()) {
            return null;
        }
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return "without a policy, so that the checkpoint refuses every step: "
                + String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))) + more;
    }
}
