package dev.jitapproval.keycloak.audit.jpa;

import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;

/** Removes what is older than it is to be kept, within whatever transaction the entity manager is in. */
public final class RetentionStore {

    /** A request whose grant is still good, or was until lately, has not ended before then. */
    private static final String ENDED = "r.status not in ('pending', 'approved') and not exists"
            + " (select g.until from JitGrant g where g.requestId = r.id and g.until >= :then)";

    private final EntityManager entities;

    public RetentionStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Removes requests that ended before then, with their events, the longest ended first, of every realm; and notes where their chains
     * ended, for the next checkpoint to say.
     *
     * @return how many; fewer than {@code max} where none are left
     */
    public int removeRequestsBefore(Instant then, int max) {
        List<Object[]> old = entities.createQuery(
                        "select r.id, r.realmId, r.seq, r.head from JitRequest r where " + ENDED
                                + " and r.updatedAt < :then order by r.updatedAt, r.id",
                        Object[].class)
                .setParameter("then", then.toEpochMilli())
                .setMaxResults(max)
                .getResultList();
        if (old.isEmpty()) {
            return 0;
        }
        for (Object[] request : old) {
            note((String) request[0], (String) request[1], (Long) request[2], (String) request[3]);
        }
        entities.flush();
        entities.clear();
        List<String> ids = old.stream().map(request -> (String) request[0]).toList();
        entities.createQuery("delete from JitEvent e where e.key.requestId in :ids")
                .setParameter("ids", ids)
                .executeUpdate();
        new OutboxStore(entities).removeRequests(ids);
        entities.createQuery("delete from JitGrant g where g.requestId in :ids")
                .setParameter("ids", ids)
                .executeUpdate();
        return entities.createQuery("delete from JitRequest r where r.id in :ids and r.status not in ('pending', 'approved')")
                .setParameter("ids", ids)
                .executeUpdate();
    }

    /**
     * Removes checkpoints that were made before then, of every realm, but never a realm's last one, which the next continues.
     *
     * @return how many; fewer than {@code max} where none are left
     */
    public int removeCheckpointsBefore(Instant then, int max) {
        List<JitCheckpointEntity.Key> old = entities.createQuery(
                        "select c.key from JitCheckpoint c where c.at < :then and exists (select n.at from JitCheckpoint n"
                                + " where n.key.realmId = c.key.realmId and n.key.seq > c.key.seq) order by c.at",
                        JitCheckpointEntity.Key.class)
                .setParameter("then", then.toEpochMilli())
                .setMaxResults(max)
                .getResultList();
        for (JitCheckpointEntity.Key key : old) {
            entities.createQuery("delete from JitCheckpoint c where c.key.realmId = :realm and c.key.seq = :seq")
                    .setParameter("realm", key.realmId())
                    .setParameter("seq", key.seq())
                    .executeUpdate();
        }
        return old.size();
    }

    private void note(String id, String realmId, long seq, String head) {
        if (head == null) {
            return;
        }
        JitRemovedEntity row = new JitRemovedEntity();
        row.requestId = id;
        row.realmId = realmId;
        row.seq = seq;
        row.head = head;
        entities.persist(row);
    }
}
