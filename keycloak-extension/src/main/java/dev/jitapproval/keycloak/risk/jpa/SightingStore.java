package dev.jitapproval.keycloak.risk.jpa;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Reads and writes what is remembered of logins, within whatever transaction the entity manager is in. */
public final class SightingStore {

    private final EntityManager entities;

    public SightingStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Something that was seen.
     *
     * @param kind {@code device}, {@code ip}, …
     * @param mark which one
     * @param detail more about it, or null
     * @param lastSeen when it was seen last
     */
    public record Sighting(String kind, String mark, String detail, Instant lastSeen) {}

    /**
     * Those of the marks that were seen with a user.
     *
     * @param since what was seen before then is forgotten, whether or not its row is still there
     */
    public List<Sighting> find(String realmId, String userId, Collection<String> marks, Instant since) {
        return entities
                .createQuery(
                        "select s from JitSighting s where s.key.realmId = :realm and s.key.userId = :user and s.key.mark in :marks"
                                + " and s.lastSeen >= :since",
                        JitSightingEntity.class)
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .setParameter("marks", marks)
                .setParameter("since", since.toEpochMilli())
                .getResultList()
                .stream()
                .map(row -> new Sighting(row.key.kind(), row.key.mark(), row.detail, Instant.ofEpochMilli(row.lastSeen)))
                .toList();
    }

    /**
     * Notes that something was seen.
     *
     * @param most how many of its kind are kept for one user; those that were not seen for longest go
     */
    public void note(String realmId, String userId, Sighting sighting, int most) {
        JitSightingEntity.Key key = new JitSightingEntity.Key(realmId, userId, sighting.kind(), sighting.mark());
        JitSightingEntity row = entities.find(JitSightingEntity.class, key);
        if (row == null) {
            row = new JitSightingEntity();
            row.key = key;
            fill(row, sighting);
            entities.persist(row);
            trim(realmId, userId, sighting.kind(), most);
        } else {
            fill(row, sighting);
        }
    }

    private static void fill(JitSightingEntity row, Sighting sighting) {
        row.lastSeen = Math.max(row.lastSeen, sighting.lastSeen().toEpochMilli());
        row.detail = sighting.detail();
    }

    private void trim(String realmId, String userId, String kind, int most) {
        entities.createQuery(
                        "select s from JitSighting s where s.key.realmId = :realm and s.key.userId = :user and s.key.kind = :kind"
                                + " order by s.lastSeen desc, s.key.mark",
                        JitSightingEntity.class)
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .setParameter("kind", kind)
                .setFirstResult(most)
                .getResultList()
                .forEach(entities::remove);
    }

    /** Forgets a user. @return how many rows there were */
    public int removeUser(String realmId, String userId) {
        return entities.createQuery("delete from JitSighting s where s.key.realmId = :realm and s.key.userId = :user")
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .executeUpdate();
    }

    /**
     * Removes what was not seen since then, of every realm.
     *
     * @return how many; fewer than {@code max} where none are left
     */
    public int removeBefore(Instant then, int max) {
        List<JitSightingEntity> old = entities
                .createQuery("select s from JitSighting s where s.lastSeen < :then order by s.lastSeen", JitSightingEntity.class)
                .setParameter("then", then.toEpochMilli())
                .setMaxResults(max)
                .getResultList();
        old.forEach(entities::remove);
        return old.size();
    }
}
