package dev.jitapproval.keycloak.audit.jpa;

import dev.jitapproval.keycloak.audit.StoredHistory;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests with their events, as they are, within whatever transaction the entity manager is in. */
public final class HistoryStore {

    /** Somebody else may append, or retention remove, between two reads; not for ever, though. */
    private static final int TRIES = 5;

    private final EntityManager entities;

    public HistoryStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Which requests of a realm are meant.
     *
     * @param from the first instant of opening, or null
     * @param to the first instant of opening that is not, or null
     * @param request one request's id, or null
     */
    public record Filter(String realmId, Instant from, Instant to, String request) {}

    /**
     * The ids of the next requests, in order.
     *
     * @param after the last id that the caller has, or null to begin
     */
    public List<String> ids(Filter filter, String after, int max) {
        StringBuilder condition = new StringBuilder("r.realmId = :realm");
        if (after != null) {
            condition.append(" and r.id > :after");
        }
        if (filter.from() != null) {
            condition.append(" and r.openedAt >= :from");
        }
        if (filter.to() != null) {
            condition.append(" and r.openedAt < :to");
        }
        if (filter.request() != null) {
            condition.append(" and r.id = :request");
        }
        TypedQuery<String> query = entities.createQuery(
                        "select r.id from JitRequest r where " + condition + " order by r.id", String.class)
                .setParameter("realm", filter.realmId())
                .setMaxResults(max);
        if (after != null) {
            query.setParameter("after", after);
        }
        if (filter.from() != null) {
            query.setParameter("from", filter.from().toEpochMilli());
        }
        if (filter.to() != null) {
            query.setParameter("to", filter.to().toEpochMilli());
        }
        if (filter.request() != null) {
            query.setParameter("request", filter.request());
        }
        return query.getResultList();
    }

    /**
     * A request and its events, of one moment. Where they still do not fit each other when they are read again, that is how they are
     * stored, and it is for the verifier to say so.
     *
     * @return empty where the request is gone
     */
    public Optional<StoredHistory> find(String id) {
        Optional<StoredHistory> last = Optional.empty();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<StoredHistory> now = read(id);
            if (now.isEmpty() || now.get().events().size() == now.get().seq() || now.equals(last)) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private Optional<StoredHistory> read(String id) {
        List<Object[]> rows = entities.createQuery(
                        "select r.status, r.seq, r.head, r.pinned, r.facts, r.reason, r.justification from JitRequest r where r.id = :id",
                        Object[].class)
                .setParameter("id", id)
                .getResultList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<String> events = new ArrayList<>(entities.createQuery(
                        "select e.event from JitEvent e where e.key.requestId = :id order by e.key.seq", String.class)
                .setParameter("id", id)
                .getResultList());
        Object[] row = rows.get(0);
        return Optional.of(new StoredHistory(
                id, (String) row[0], (Long) row[1], (String) row[2], (String) row[3], (String) row[4], (String) row[5],
                (String) row[6], events));
    }
}
