package dev.jitapproval.keycloak.approval.jpa;

import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.RequestQuery;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.policy.Policy;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests and their events in the database, within whatever transaction the entity manager is in.
 *
 * <p>Nothing stays in the persistence context, so every read sees what is committed and never a row that this session read earlier.
 */
public final class RequestStore {

    private static final String LIVE = "('pending', 'approved')";

    private final EntityManager entities;

    public RequestStore(EntityManager entities) {
        this.entities = entities;
    }

    /** The request with this id in this realm. */
    public Optional<StoredRequest> find(String realmId, String id) {
        return first(query("r.id = :id and r.realmId = :realm")
                .setParameter("id", id)
                .setParameter("realm", realmId));
    }

    /** The live request with this key; there is never more than one. */
    public Optional<StoredRequest> findLive(RequestKey key) {
        return first(query("r.liveKey = :key").setParameter("key", LiveKey.of(key)));
    }

    /** The request with this key that was opened last. */
    public Optional<StoredRequest> findLatest(RequestKey key) {
        return first(query("r.realmId = :realm and r.userId = :user and r.clientId = :client and r.action = :action"
                        + " and r.browserHash = :holder order by r.openedAt desc, r.seq desc")
                .setParameter("realm", key.realmId())
                .setParameter("user", key.userId())
                .setParameter("client", key.clientId())
                .setParameter("action", key.action())
                .setParameter("holder", key.browserHash()));
    }

    /** A user's live requests, newest first. */
    public List<StoredRequest> findLiveOfUser(String realmId, String userId, int max) {
        return list(query("r.realmId = :realm and r.userId = :user and r.status in " + LIVE + " order by r.openedAt desc, r.id")
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .setMaxResults(max));
    }

    /** Live requests for a client, newest first. */
    public List<StoredRequest> findLiveOfClient(String realmId, String clientId, int max) {
        return list(query("r.realmId = :realm and r.clientId = :client and r.status in " + LIVE + " order by r.openedAt desc, r.id")
                .setParameter("realm", realmId)
                .setParameter("client", clientId)
                .setMaxResults(max));
    }

    /** Live requests of every realm with an id above this one, in the order of their ids. */
    public List<StoredRequest> findLiveAfter(String id, int max) {
        return list(query("r.id > :id and r.status in " + LIVE + " order by r.id")
                .setParameter("id", id)
                .setMaxResults(max));
    }

    /** A realm's pending requests, oldest first. */
    public List<StoredRequest> findPending(String realmId, int max) {
        return list(query("r.realmId = :realm and r.status = 'pending' order by r.openedAt, r.id")
                .setParameter("realm", realmId)
                .setMaxResults(max));
    }

    /** A realm's requests on which a user has voted and that changed since then, the latest first. */
    public List<StoredRequest> findDecidedBy(String realmId, String userId, Instant since, int max) {
        return list(query("r.realmId = :realm and r.updatedAt >= :since and exists (select e.kind from JitEvent e"
                        + " where e.key.requestId = r.id and e.actorId = :user and e.kind in ('approved', 'denied'))"
                        + " order by r.updatedAt desc, r.id")
                .setParameter("realm", realmId)
                .setParameter("since", since.toEpochMilli())
                .setParameter("user", userId)
                .setMaxResults(max));
    }

    /** Requests of a realm, newest first. */
    public List<StoredRequest> list(String realmId, RequestQuery wanted, int max) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder where = new StringBuilder("r.realmId = :realm");
        values.put("realm", realmId);
        narrow(where, values, "r.status = :status", "status", wanted.status() == null ? null : wanted.status().wireName());
        narrow(where, values, "r.userId = :user", "user", wanted.userId());
        narrow(where, values, "r.clientId = :client", "client", wanted.clientId());
        narrow(where, values, "r.policyName = :policy", "policy", wanted.policyName());
        narrow(where, values, "r.ruleId = :rule", "rule", wanted.ruleId());
        narrow(where, values, "r.openedAt >= :from", "from", Rows.millis(wanted.openedFrom()));
        narrow(where, values, "r.openedAt < :before", "before", Rows.millis(wanted.openedBefore()));
        if (wanted.after() != null) {
            narrow(where, values, "(r.openedAt < :openedAt or r.openedAt = :openedAt and r.id < :id)", "id", wanted.after().id());
            values.put("openedAt", Rows.millis(wanted.after().openedAt()));
        }
        TypedQuery<JitRequestEntity> query = query(where.append(" order by r.openedAt desc, r.id desc").toString());
        values.forEach(query::setParameter);
        return list(query.setMaxResults(max));
    }

    /** How many requests of a realm are pending. */
    public long countPending(String realmId) {
        return entities.createQuery(
                        "select count(r) from JitRequest r where r.realmId = :realm and r.status = 'pending'", Long.class)
                .setParameter("realm", realmId)
                .getSingleResult();
    }

    /** How many requests a user has opened since then. */
    public long countOpened(String realmId, String userId, Set<String> actions, Instant since) {
        StringBuilder text = new StringBuilder(
                "select count(r) from JitRequest r where r.realmId = :realm and r.userId = :user and r.openedAt >= :since");
        TypedQuery<Long> query = entities.createQuery(
                (actions == null ? text : text.append(" and r.action in :actions")).toString(), Long.class);
        if (actions != null) {
            query.setParameter("actions", actions);
        }
        return query.setParameter("realm", realmId)
                .setParameter("user", userId)
                .setParameter("since", since.toEpochMilli())
                .getSingleResult();
    }

    /** Live requests, of every realm, whose deadline has come, the longest overdue first. */
    public List<StoredRequest> findDue(Instant now, int skip, int max) {
        return list(query("r.status in " + LIVE + " and r.deadline <= :now order by r.deadline, r.id")
                .setParameter("now", now.toEpochMilli())
                .setFirstResult(skip)
                .setMaxResults(max));
    }

    /** A request's events as the engine wrote them, oldest first. */
    public List<String> events(String requestId) {
        return events(requestId, Long.MAX_VALUE);
    }

    /**
     * The same up to a sequence number: those that go with a request which was read a moment earlier, when there may have been fewer.
     */
    public List<String> events(String requestId, long upTo) {
        return entities.createQuery(
                        "select e.event from JitEvent e where e.key.requestId = :id and e.key.seq <= :seq order by e.key.seq",
                        String.class)
                .setParameter("id", requestId)
                .setParameter("seq", upTo)
                .getResultList();
    }

    /** The source of the policy with this hash. */
    public Optional<String> policySource(String hash) {
        return entities
                .createQuery("select p.source from JitPolicy p where p.hash = :hash", String.class)
                .setParameter("hash", hash)
                .getResultStream()
                .findFirst();
    }

    /** Stores a policy unless it is there already. */
    public void keepPolicy(Policy policy, Instant now) {
        if (policySource(policy.hash()).isPresent()) {
            return;
        }
        JitPolicyEntity row = new JitPolicyEntity();
        row.hash = policy.hash();
        row.name = policy.name();
        row.source = policy.source();
        row.createdAt = now.toEpochMilli();
        insert(row);
    }

    /**
     * Stores a request that was just opened, and its events.
     *
     * @param head the hash of the last of them
     */
    public void insert(ApprovalRequest request, String pinned, List<ApprovalEvent> events, String head) {
        JitRequestEntity row = Rows.entity(request, pinned);
        row.head = head;
        insert(row);
        insertEvents(request.id(), events);
    }

    /**
     * Stores the next events of a request and moves its projection on.
     *
     * @param before the request as it was read
     * @param after the same with the new projection
     * @param head the hash of the last of the events
     * @return false if somebody else has changed the request since it was read; nothing has been written then
     */
    public boolean append(ApprovalRequest before, ApprovalRequest after, List<ApprovalEvent> events, String head) {
        // Whoever comes second waits here for the first one's commit, and then matches no row.
        int moved = entities.createQuery("update JitRequest r set r.status = :status, r.stage = :stage,"
                        + " r.deadline = :deadline, r.progress = :progress, r.updatedAt = :updated, r.seq = :seq,"
                        + " r.liveKey = :live, r.head = :head where r.id = :id and r.seq = :expected")
                .setParameter("status", after.status().wireName())
                .setParameter("stage", after.stageId())
                .setParameter("deadline", Rows.millis(after.deadline()))
                .setParameter("progress", Rows.progress(after.progress()))
                .setParameter("updated", after.updatedAt().toEpochMilli())
                .setParameter("seq", after.seq())
                .setParameter("live", after.status().isLive() ? LiveKey.of(after.key()) : null)
                .setParameter("head", head)
                .setParameter("id", before.id())
                .setParameter("expected", before.seq())
                .executeUpdate();
        if (moved == 0) {
            return false;
        }
        insertEvents(after.id(), events);
        return true;
    }

    /** Removes everything about a realm that is gone, from every table of the extension. */
    public void removeRealm(String realmId) {
        entities.createQuery("delete from JitEvent e where e.key.requestId in"
                        + " (select r.id from JitRequest r where r.realmId = :realm)")
                .setParameter("realm", realmId)
                .executeUpdate();
        for (RealmEntities entity : RealmEntities.of(entities)) {
            entities.createQuery("delete from " + entity.name() + " e where e." + entity.realm() + " = :realm")
                    .setParameter("realm", realmId)
                    .executeUpdate();
        }
    }

    private static void narrow(StringBuilder where, Map<String, Object> values, String condition, String name, Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            values.put(name, value);
        }
    }

    private void insertEvents(String requestId, List<ApprovalEvent> events) {
        for (ApprovalEvent event : events) {
            JitEventEntity row = new JitEventEntity();
            row.key = new JitEventEntity.Key(requestId, event.seq());
            row.at = event.at().toEpochMilli();
            row.kind = event.kind();
            row.actorId = event.actor().id();
            row.event = event.json();
            insert(row);
        }
    }

    private void insert(Object row) {
        entities.persist(row);
        entities.flush();
        entities.detach(row);
    }

    private TypedQuery<JitRequestEntity> query(String condition) {
        return entities.createQuery("select r from JitRequest r where " + condition, JitRequestEntity.class)
                .setLockMode(LockModeType.NONE);
    }

    private Optional<StoredRequest> first(TypedQuery<JitRequestEntity> query) {
        return list(query.setMaxResults(1)).stream().findFirst();
    }

    private List<StoredRequest> list(TypedQuery<JitRequestEntity> query) {
        List<JitRequestEntity> rows = query.getResultList();
        rows.forEach(entities::detach);
        return rows.stream().map(Rows::request).toList();
    }
}
