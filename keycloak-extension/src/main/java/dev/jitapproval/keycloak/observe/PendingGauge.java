package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.lifecycle.PerRealm;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * How many requests of a realm wait. Asked of the database when somebody reads the metrics, because requests are opened and
 * decided on every node; at most once in ten seconds.
 */
final class PendingGauge {

    private static final Logger LOG = Logger.getLogger(PendingGauge.class);
    private static final long FRESH_NANOS = 10_000_000_000L;
    private static final PerRealm<PendingGauge> GAUGES =
            new PerRealm<>(gone -> Metrics.globalRegistry.remove(gone.meter));

    private final KeycloakSessionFactory sessions;
    private final String realmId;
    private Gauge meter;
    private double count = Double.NaN;
    private long readAt;

    private PendingGauge(KeycloakSessionFactory sessions, String realmId) {
        this.sessions = sessions;
        this.realmId = realmId;
        this.readAt = System.nanoTime() - FRESH_NANOS;
    }

    /** Shows the realm's gauge; a second call does nothing. */
    static void show(KeycloakSessionFactory sessions, RealmModel realm) {
        String name = realm.getName();
        GAUGES.getOrMake(realm.getId(), () -> {
            PendingGauge gauge = new PendingGauge(sessions, realm.getId());
            gauge.meter = Gauge.builder("jit.requests.pending", gauge, PendingGauge::value)
                    .description("Approval requests that wait for a decision")
                    .tag("realm", name).strongReference(true).register(Metrics.globalRegistry);
            return gauge;
        });
    }

    private synchronized double value() {
        if (System.nanoTime() - readAt >= FRESH_NANOS) {
            readAt = System.nanoTime();
            count = read();
        }
        return count;
    }

    private double read() {
        try {
            return KeycloakModelUtils.runJobInTransactionWithResult(
                    sessions, session -> (double) JitApprovalProvider.of(session).approvals().countPending(realmId));
        } catch (RuntimeException unavailable) {
            LOG.debugf(unavailable, "Pending requests of realm %s cannot be counted", realmId);
            return Double.NaN;
        }
    }
}
