package dev.jitapproval.keycloak.audit.jpa;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.risk.jpa.SightingStore;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Where somebody is named in what is stored, and what is left of it, within whatever transaction the entity manager is in. */
public final class ErasureStore {

    private static final String LIVE = "('pending', 'approved')";

    /** Good: who gave it may still take it back, and who has it may still use it. */
    private static final String GRANTS = "exists (select g.until from JitGrant g where g.requestId = r.id and g.revokedAt is null"
            + " and g.until > :now)";

    private final EntityManager entities;

    public ErasureStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * A request as it is stored.
     *
     * @param userId whose it is; {@link Actor#ERASED} once they are forgotten
     * @param seq the number of its last event
     * @param events their texts, in order
     */
    public record Stored(String id, String userId, long seq, String status, String pinned, String facts, List<String> events) {}

    /** The requests of a realm that somebody opened or acted on and that are live, or have a grant that is good. */
    public List<String> liveOf(String realmId, String userId, Instant now) {
        return entities.createQuery(
                        "select r.id from JitRequest r where r.realmId = :realm and (r.status in " + LIVE + " or " + GRANTS
                                + ") and (r.userId = :user or exists (select e.kind from JitEvent e where e.key.requestId = r.id and e.actorId = :user))"
                                + " order by r.openedAt, r.id",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .setParameter("now", now.toEpochMilli())
                .getResultList();
    }

    /** The ended requests of a realm that somebody opened or acted on. */
    public List<String> endedOf(String realmId, String userId) {
        return entities.createQuery(
                        "select r.id from JitRequest r where r.realmId = :realm and r.status not in " + LIVE + " and (r.userId = :user"
                                + " or exists (select e.kind from JitEvent e where e.key.requestId = r.id and e.actorId = :user))"
                                + " order by r.id",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .getResultList();
    }

    /**
     * The ended requests of a realm whose documents hold a text: those of other people that name somebody among the approvers. Reads the
     * whole table; nobody is forgotten every day.
     */
    public List<String> endedNaming(String realmId, String text) {
        String pattern = "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
        TreeSet<String> ids = new TreeSet<>(entities.createQuery(
                        "select r.id from JitRequest r where r.realmId = :realm and r.status not in " + LIVE
                                + " and r.pinned like :pattern escape '!'",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("pattern", pattern)
                .getResultList());
        ids.addAll(entities.createQuery(
                        "select r.id from JitEvent e join JitRequest r on r.id = e.key.requestId where r.realmId = :realm"
                                + " and r.status not in " + LIVE + " and e.event like :pattern escape '!'",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("pattern", pattern)
                .getResultList());
        return List.copyOf(ids);
    }

    /** A request and its events. */
    public Optional<Stored> find(String id) {
        List<Object[]> rows = entities.createQuery(
                        "select r.userId, r.seq, r.status, r.pinned, r.facts from JitRequest r where r.id = :id", Object[].class)
                .setParameter("id", id)
                .getResultList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<String> events = entities.createQuery(
                        "select e.event from JitEvent e where e.key.requestId = :id order by e.key.seq", String.class)
                .setParameter("id", id)
                .getResultList();
        Object[] row = rows.get(0);
        return Optional.of(new Stored(
                id, (String) row[0], (Long) row[1], (String) row[2], (String) row[3], (String) row[4], events));
    }

    /** Stores what is left of an event whose personal part is gone. */
    public void eraseEvent(String requestId, long seq, String event) {
        entities.createQuery("update JitEvent e set e.event = :event, e.actorId = null"
                        + " where e.key.requestId = :id and e.key.seq = :seq")
                .setParameter("event", event)
                .setParameter("id", requestId)
                .setParameter("seq", seq)
                .executeUpdate();
    }

    /** Stores how far the stages of a request were, by those who may still be named. */
    public void eraseProgress(String requestId, String progress) {
        entities.createQuery("update JitRequest r set r.progress = :progress where r.id = :id")
                .setParameter("progress", progress)
                .setParameter("id", requestId)
                .executeUpdate();
    }

    /** Stores what is left of a request whose requester is forgotten; its grant has ended. */
    public void eraseRequester(String requestId, String pinned, String facts) {
        entities.createQuery("delete from JitGrant g where g.requestId = :id")
                .setParameter("id", requestId)
                .executeUpdate();
        entities.createQuery("update JitRequest r set r.pinned = :pinned, r.facts = :facts, r.reason = null, r.justification = null,"
                        + " r.userId = :erased, r.browserHash = :erased, r.digest = :erased where r.id = :id")
                .setParameter("pinned", pinned)
                .setParameter("facts", facts)
                .setParameter("erased", Actor.ERASED)
                .setParameter("id", requestId)
                .executeUpdate();
    }

    /** Takes their content out of messages about a request that were not delivered, and never will be without it. */
    public void eraseMessages(String requestId) {
        entities.createQuery("update JitOutbox o set o.payload = null, o.lastError = 'erased', o.state = 'skipped'"
                        + " where o.requestId = :id and o.state in ('dead', 'skipped')")
                .setParameter("id", requestId)
                .executeUpdate();
    }

    /** The kept decisions about somebody's steps, and their contexts. */
    public List<Object[]> decisionsOf(String realmId, String userId, int max) {
        return entities.createQuery(
                        "select d.id, d.context, d.redacted from JitDecision d where d.realmId = :realm and d.userId = :user order by d.id",
                        Object[].class)
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .setMaxResults(max)
                .getResultList();
    }

    /** Stores what is left of a kept decision. */
    public void eraseDecision(String id, String context, String redacted) {
        entities.createQuery("update JitDecision d set d.userId = null, d.digest = :erased, d.context = :context, d.redacted = :redacted"
                        + " where d.id = :id")
                .setParameter("erased", Actor.ERASED)
                .setParameter("context", context)
                .setParameter("redacted", redacted)
                .setParameter("id", id)
                .executeUpdate();
    }

    /** Forgets what is remembered of somebody's logins. */
    public void removeSightings(String realmId, String userId) {
        new SightingStore(entities).removeUser(realmId, userId);
    }
}
