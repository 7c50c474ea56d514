package dev.jitapproval.keycloak.audit.jpa;

import dev.jitapproval.keycloak.audit.Checkpoint;
import dev.jitapproval.keycloak.audit.Head;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checkpoints in the database, and what they are made of, within whatever transaction the entity manager is in. */
public final class CheckpointStore {

    private static final int DELETED_AT_ONCE = 500;

    private final EntityManager entities;

    public CheckpointStore(EntityManager entities) {
        this.entities = entities;
    }

    /** Where the chains of all requests of a realm end, by request id; one statement, so of one moment. */
    public List<Head> heads(String realmId) {
        return entities.createQuery(
                        "select new dev.jitapproval.keycloak.audit.Head(r.id, r.seq, r.head) from JitRequest r"
                                + " where r.realmId = :realm and r.head is not null order by r.id",
                        Head.class)
                .setParameter("realm", realmId)
                .getResultList();
    }

    /** The requests that retention removed and that no checkpoint has listed yet. */
    public List<Head> removed(String realmId) {
        return entities.createQuery(
                        "select new dev.jitapproval.keycloak.audit.Head(r.requestId, r.seq, r.head) from JitRemoved r"
                                + " where r.realmId = :realm order by r.requestId",
                        Head.class)
                .setParameter("realm", realmId)
                .getResultList();
    }

    /** A checkpoint has listed them. */
    public void forgetRemoved(List<Head> removed) {
        for (int from = 0; from < removed.size(); from += DELETED_AT_ONCE) {
            List<String> ids = removed.subList(from, Math.min(removed.size(), from + DELETED_AT_ONCE)).stream()
                    .map(Head::request)
                    .toList();
            entities.createQuery("delete from JitRemoved r where r.requestId in :ids")
                    .setParameter("ids", ids)
                    .executeUpdate();
        }
    }

    /** Stores a checkpoint; fails where another one took its number. */
    public void insert(Checkpoint made) {
        JitCheckpointEntity row = new JitCheckpointEntity();
        row.key = new JitCheckpointEntity.Key(made.realmId(), made.seq());
        row.at = made.at().toEpochMilli();
        row.requests = made.requests();
        row.hash = made.hash();
        row.jws = made.jws();
        entities.persist(row);
        entities.flush();
        entities.detach(row);
    }

    /** A realm's latest checkpoint. */
    public Optional<Checkpoint> last(String realmId) {
        return list(realmId, Long.MAX_VALUE, 1).stream().findFirst();
    }

    /** The checkpoint with this number. */
    public Optional<Checkpoint> find(String realmId, long seq) {
        return list(realmId, seq + 1, 1).stream().filter(checkpoint -> checkpoint.seq() == seq).findFirst();
    }

    /** A realm's checkpoints before that number, the latest first. */
    public List<Checkpoint> list(String realmId, long before, int max) {
        return entities
                .createQuery(
                        "select c from JitCheckpoint c where c.key.realmId = :realm and c.key.seq < :before order by c.key.seq desc",
                        JitCheckpointEntity.class)
                .setParameter("realm", realmId)
                .setParameter("before", before)
                .setMaxResults(max)
                .getResultStream()
                .map(this::checkpoint)
                .toList();
    }

    /** The numbers of a realm's checkpoints after one of them, up to another, in order. */
    public List<Long> numbers(String realmId, long after, long upTo) {
        return entities.createQuery(
                        "select c.key.seq from JitCheckpoint c where c.key.realmId = :realm and c.key.seq > :after and c.key.seq <= :upTo"
                                + " order by c.key.seq",
                        Long.class)
                .setParameter("realm", realmId)
                .setParameter("after", after)
                .setParameter("upTo", upTo)
                .getResultList();
    }

    /** The realms that have requests, or had some that retention removed since. */
    public List<String> realms() {
        return entities.createQuery(
                        "select distinct r.realmId from JitRequest r union select distinct d.realmId from JitRemoved d", String.class)
                .getResultList();
    }

    /** When a realm's latest checkpoint was made. */
    public Optional<Instant> lastMadeAt(String realmId) {
        return Optional.ofNullable(entities.createQuery(
                                "select max(c.at) from JitCheckpoint c where c.key.realmId = :realm", Long.class)
                        .setParameter("realm", realmId)
                        .getSingleResult())
                .map(Instant::ofEpochMilli);
    }

    private Checkpoint checkpoint(JitCheckpointEntity row) {
        entities.detach(row);
        return new Checkpoint(
                row.key.realmId(), row.key.seq(), Instant.ofEpochMilli(row.at), row.requests, row.hash, row.jws);
    }
}
