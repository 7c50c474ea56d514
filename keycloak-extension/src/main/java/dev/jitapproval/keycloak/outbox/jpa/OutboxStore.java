package dev.jitapproval.keycloak.outbox.jpa;

import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.OutboxRow;
import dev.jitapproval.keycloak.outbox.OutboxState;
import dev.jitapproval.keycloak.review.SafeText;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The outbox in the database, within whatever transaction the entity manager is in.
 *
 * <p>Every change of a row that waits is a compare-and-set: on who has claimed it, and on the number of the attempt. So who comes too late
 * changes nothing, whichever node it is on.
 */
public final class OutboxStore {

    private final EntityManager entities;

    public OutboxStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Stores a message, unless there is one with its key.
     *
     * @return whether it was new
     */
    public boolean insert(OutboxMessage message, Instant now) {
        boolean known = !entities.createQuery("select o.id from JitOutbox o where o.key = :key", String.class)
                .setParameter("key", message.key())
                .getResultList()
                .isEmpty();
        if (known) {
            return false;
        }
        JitOutboxEntity row = new JitOutboxEntity();
        row.id = UUID.randomUUID().toString();
        row.key = message.key();
        row.realmId = message.realmId();
        row.kind = message.kind();
        row.requestId = message.requestId();
        row.payload = message.payload();
        row.state = OutboxState.PENDING.wireName();
        row.nextAttemptAt = now.plus(message.delay()).toEpochMilli();
        row.createdAt = now.toEpochMilli();
        row.updatedAt = now.toEpochMilli();
        entities.persist(row);
        entities.flush();
        entities.detach(row);
        return true;
    }

    /** Rows to deliver now, those first that have waited longest. */
    public List<OutboxRow> findDue(Instant now, Collection<String> withoutRealms, int max) {
        String others = withoutRealms.isEmpty() ? "" : " and o.realmId not in :without";
        TypedQuery<JitOutboxEntity> query = query("o.state = 'pending' and o.nextAttemptAt <= :now and o.claimedUntil <= :now" + others
                        + " order by o.nextAttemptAt, o.id")
                .setParameter("now", now.toEpochMilli());
        if (!withoutRealms.isEmpty()) {
            query.setParameter("without", withoutRealms);
        }
        return rows(query.setMaxResults(max));
    }

    /**
     * Takes a row for a delivery and counts the attempt.
     *
     * @param row as it was read
     * @param by who takes it
     * @return the row with the attempt counted, or empty where somebody else was faster
     */
    public Optional<OutboxRow> claim(OutboxRow row, String by, Instant until, Instant now) {
        int claimed = entities.createQuery("update JitOutbox o set o.claimedBy = :by, o.claimedUntil = :until,"
                        + " o.attempts = o.attempts + 1, o.updatedAt = :now where o.id = :id and o.state = 'pending'"
                        + " and o.attempts = :attempts and o.nextAttemptAt <= :now and o.claimedUntil <= :now")
                .setParameter("by", by)
                .setParameter("until", until.toEpochMilli())
                .setParameter("now", now.toEpochMilli())
                .setParameter("id", row.id())
                .setParameter("attempts", row.attempts())
                .executeUpdate();
        return claimed == 0 ? Optional.empty() : find(row.message().realmId(), row.id());
    }

    /**
     * Notes that a claimed row is delivered, or needs not be.
     *
     * @param state {@code DONE} or {@code SKIPPED}
     * @param why for {@code SKIPPED}, else null
     * @return whether it was still claimed by this attempt
     */
    public boolean finish(OutboxRow row, String by, OutboxState state, String why, Instant now) {
        String payload = state == OutboxState.DONE ? ", o.payload = null" : "";
        return settle("o.state = :state, o.lastError = :error" + payload, row, by, now)
                .setParameter("state", state.wireName())
                .setParameter("error", line(why))
                .executeUpdate() > 0;
    }

    /** Notes that an attempt failed, and when the next one is; the same answer as {@link #finish}. */
    public boolean retryAt(OutboxRow row, String by, String error, Instant next, Instant now) {
        return settle("o.lastError = :error, o.nextAttemptAt = :next", row, by, now)
                .setParameter("error", line(error))
                .setParameter("next", next.toEpochMilli())
                .executeUpdate() > 0;
    }

    /** Notes that the last attempt failed; the same answer as {@link #finish}. */
    public boolean giveUp(OutboxRow row, String by, String error, Instant now) {
        return settle("o.lastError = :error, o.state = 'dead'", row, by, now)
                .setParameter("error", line(error))
                .executeUpdate() > 0;
    }

    /** A realm's row with this id. */
    public Optional<OutboxRow> find(String realmId, String id) {
        return rows(query("o.id = :id and o.realmId = :realm").setParameter("id", id).setParameter("realm", realmId)).stream()
                .findFirst();
    }

    /**
     * Where a row stands in a list.
     *
     * @param createdAt in milliseconds since 1970
     * @param id the row's
     */
    public record Position(long createdAt, String id) {}

    /**
     * A realm's rows in a state, oldest first.
     *
     * @param kind of that kind only, or null
     * @param after where the answer begins, or null
     */
    public List<OutboxRow> list(String realmId, OutboxState state, String kind, Position after, int max) {
        TypedQuery<JitOutboxEntity> query = query("o.realmId = :realm and o.state = :state"
                        + (kind == null ? "" : " and o.kind = :kind")
                        + (after == null ? "" : " and (o.createdAt > :created or o.createdAt = :created and o.id > :after)")
                        + " order by o.createdAt, o.id")
                .setParameter("realm", realmId)
                .setParameter("state", state.wireName());
        if (kind != null) {
            query.setParameter("kind", kind);
        }
        if (after != null) {
            query.setParameter("created", after.createdAt()).setParameter("after", after.id());
        }
        return rows(query.setMaxResults(max));
    }

    /**
     * Lets a dead or skipped row begin again, with all its attempts.
     *
     * @return whether it was one
     */
    public boolean redrive(String realmId, String id, Instant now) {
        return redriven("o.realmId = :realm and o.id = :id and o.state in ('dead', 'skipped')", now)
                .setParameter("realm", realmId)
                .setParameter("id", id)
                .executeUpdate() > 0;
    }

    /**
     * The same for all dead rows of a realm.
     *
     * @param kind of that kind only, or null
     * @return how many there were
     */
    public int redriveDead(String realmId, String kind, Instant now) {
        Query query = redriven("o.realmId = :realm and o.state = 'dead'" + (kind == null ? "" : " and o.kind = :kind"), now)
                .setParameter("realm", realmId);
        if (kind != null) {
            query.setParameter("kind", kind);
        }
        return query.executeUpdate();
    }

    /** How many of a realm's rows are in each state. */
    public Map<OutboxState, Long> count(String realmId) {
        Map<OutboxState, Long> counts = new EnumMap<>(OutboxState.class);
        entities.createQuery("select o.state, count(o) from JitOutbox o where o.realmId = :realm group by o.state", Object[].class)
                .setParameter("realm", realmId)
                .getResultList()
                .forEach(row -> OutboxState.of((String) row[0]).ifPresent(state -> counts.put(state, (Long) row[1])));
        return counts;
    }

    /** How long a realm's oldest pending row has waited; zero where none waits. */
    public Duration lag(String realmId, Instant now) {
        Long oldest = entities.createQuery(
                        "select min(o.createdAt) from JitOutbox o where o.realmId = :realm and o.state = 'pending'", Long.class)
                .setParameter("realm", realmId)
                .getSingleResult();
        return oldest == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
    }

    /** The same over all realms. */
    public Duration lag(Instant now) {
        Long oldest = entities.createQuery("select min(o.createdAt) from JitOutbox o where o.state = 'pending'", Long.class)
                .getSingleResult();
        return oldest == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
    }

    /** Forgets what was delivered, or had not to be, before then. */
    public int removeFinishedBefore(Instant then) {
        return entities.createQuery("delete from JitOutbox o where o.state in ('done', 'skipped') and o.updatedAt < :then")
                .setParameter("then", then.toEpochMilli())
                .executeUpdate();
    }

    /** Forgets what is about requests that are gone: whatever it was to say, there is nothing left to say it about. */
    public int removeRequests(List<String> requestIds) {
        return entities.createQuery("delete from JitOutbox o where o.requestId in :requests")
                .setParameter("requests", requestIds)
                .executeUpdate();
    }

    private Query settle(String change, OutboxRow row, String by, Instant now) {
        return entities.createQuery("update JitOutbox o set " + change + ", o.claimedUntil = 0, o.claimedBy = null, o.updatedAt = :now"
                        + " where o.id = :id and o.state = 'pending' and o.claimedBy = :by and o.attempts = :attempts")
                .setParameter("now", now.toEpochMilli())
                .setParameter("id", row.id())
                .setParameter("by", by)
                .setParameter("attempts", row.attempts());
    }

    private Query redriven(String which, Instant now) {
        return entities.createQuery("update JitOutbox o set o.state = 'pending', o.attempts = 0, o.nextAttemptAt = :now,"
                        + " o.claimedUntil = 0, o.claimedBy = null, o.updatedAt = :now where " + which)
                .setParameter("now", now.toEpochMilli());
    }

    private TypedQuery<JitOutboxEntity> query(String condition) {
        return entities.createQuery("select o from JitOutbox o where " + condition, JitOutboxEntity.class);
    }

    private List<OutboxRow> rows(TypedQuery<JitOutboxEntity> query) {
        List<JitOutboxEntity> rows = query.getResultList();
        rows.forEach(entities::detach);
        return rows.stream().map(OutboxStore::row).toList();
    }

    private static OutboxRow row(JitOutboxEntity row) {
        String payload = row.payload == null ? "" : row.payload;
        return new OutboxRow(
                row.id,
                new OutboxMessage(row.key, row.realmId, row.kind, row.requestId, payload),
                OutboxState.of(row.state).orElseThrow(() -> new IllegalStateException("outbox row " + row.id + " has state " + row.state)),
                row.attempts,
                Instant.ofEpochMilli(row.nextAttemptAt),
                row.claimedUntil == 0 ? null : Instant.ofEpochMilli(row.claimedUntil),
                row.lastError,
                Instant.ofEpochMilli(row.createdAt),
                Instant.ofEpochMilli(row.updatedAt));
    }

    /** One line without controls, at most 200 characters: a mail server's words may hold anything. */
    private static String line(String text) {
        return text == null ? null : SafeText.line(text);
    }
}
