package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.outbox.OutboxState;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What stands in the database, for all nodes: who waits, what should have happened by now, what has not been delivered. Every node shows
 * the same, so that the figures are there whichever node is.
 */
final class DatabaseFigures {

    /** The timer fires what is due every few seconds; what is still there after this time has nobody who fires it. */
    static final Duration OVERDUE = Duration.ofMinutes(1);

    private static final int MOST_STAGES = 100;

    private final MultiGauge pending = MultiGauge.builder("jit.requests.pending")
            .description("Approval requests that wait for a decision").register(Metrics.globalRegistry);
    private final MultiGauge overdue = MultiGauge.builder("jit.requests.overdue")
            .description("Requests whose deadline came more than a minute ago and has not been fired").register(Metrics.globalRegistry);
    private final MultiGauge messages = MultiGauge.builder("jit.outbox.messages")
            .description("Side effects that wait, and those that could not be delivered").register(Metrics.globalRegistry);
    private final MultiGauge lag = MultiGauge.builder("jit.outbox.lag").baseUnit("seconds")
            .description("Age of the oldest side effect that waits to be delivered").register(Metrics.globalRegistry);

    /**
     * Reads everything anew, in the entity manager's transaction.
     *
     * @param realmName a realm's name by its id; empty where there is none any more
     * @return the age of the oldest message that waits in the outbox
     */
    Duration read(EntityManager entities, Function<String, Optional<String>> realmName, Instant now) {
        readPending(entities, realmName);
        readOverdue(entities, now);
        return readOutbox(entities, realmName, now);
    }

    private void readPending(EntityManager entities, Function<String, Optional<String>> realmName) {
        Map<String, List<Object[]>> byRealm = new LinkedHashMap<>();
        for (Object[] row : entities.createQuery("select r.realmId, r.policyName, r.stage, count(r) from JitRequest r"
                + " where r.status = 'pending' group by r.realmId, r.policyName, r.stage order by count(r) desc", Object[].class)
                .getResultList()) {
            realmName.apply((String) row[0]).ifPresent(name -> byRealm.computeIfAbsent(name, any -> new ArrayList<>()).add(row));
        }
        Map<Tags, Long> counts = new LinkedHashMap<>();
        byRealm.forEach((realm, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                Object[] row = rows.get(i);
                boolean named = i < MOST_STAGES;
                Tags tags = Tags.of("realm", RuleLabel.realm(realm), "policy", named ? (String) row[1] : Labels.OTHER,
                        "stage", named ? (String) row[2] : Labels.OTHER);
                counts.merge(tags, (Long) row[3], Long::sum);
            }
        });
        pending.register(rows(counts), true);
    }

    private void readOverdue(EntityManager entities, Instant now) {
        long count = entities.createQuery("select count(r) from JitRequest r where r.status in ('pending', 'approved')"
                        + " and r.deadline < :then", Long.class)
                .setParameter("then", now.minus(OVERDUE).toEpochMilli())
                .getSingleResult();
        overdue.register(List.of(MultiGauge.Row.of(Tags.empty(), count)), true);
    }

    private Duration readOutbox(EntityManager entities, Function<String, Optional<String>> realmName, Instant now) {
        Map<Tags, Long> counts = new HashMap<>();
        Map<Tags, Long> ages = new HashMap<>();
        long oldest = 0;
        for (Object[] row : entities.createQuery("select o.realmId, o.state, count(o), min(o.createdAt) from JitOutbox o"
                + " where o.state in ('pending', 'dead') group by o.realmId, o.state", Object[].class).getResultList()) {
            Optional<String> realm = realmName.apply((String) row[0]).map(RuleLabel::realm);
            if (realm.isEmpty()) {
                continue;
            }
            counts.merge(Tags.of("realm", realm.get(), "state", (String) row[1]), (Long) row[2], Long::sum);
            if (OutboxState.PENDING.wireName().equals(row[1])) {
                long age = Math.max(0, (now.toEpochMilli() - (Long) row[3]) / 1000);
                ages.merge(Tags.of("realm", realm.get()), age, Math::max);
                oldest = Math.max(oldest, age);
            }
        }
        messages.register(rows(counts), true);
        lag.register(rows(ages), true);
        return Duration.ofSeconds(oldest);
    }

    private static List<MultiGauge.Row<?>> rows(Map<Tags, Long> values) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
        return rows;
    }
}
