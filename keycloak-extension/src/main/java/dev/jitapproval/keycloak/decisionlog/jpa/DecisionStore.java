package dev.jitapproval.keycloak.decisionlog.jpa;

import dev.jitapproval.keycloak.decisionlog.LoggedDecision;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Kept decisions in the database, within whatever transaction the entity manager is in. */
public final class DecisionStore {

    private final EntityManager entities;

    public DecisionStore(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Which decisions of a realm are meant.
     *
     * @param from the first instant, or null
     * @param to the first instant that is not, or null
     * @param effect in the wire format, or null
     * @param policy the name or the hash of a policy, or null
     */
    public record Filter(String realmId, Instant from, Instant to, String effect, String policy) {}

    /** Keeps a decision. */
    public void insert(LoggedDecision kept) {
        JitDecisionEntity row = row(kept);
        entities.persist(row);
        entities.flush();
        entities.detach(row);
    }

    /** Whether a decision on the same facts under the same policy is kept for this request already; without a digest, any other without. */
    public boolean has(String requestId, String policyHash, String digest) {
        return !entities.createQuery(
                        "select d.id from JitDecision d where d.requestId = :request and d.policyHash = :policy"
                                + " and coalesce(d.digest, '-') = :digest",
                        String.class)
                .setParameter("request", requestId)
                .setParameter("policy", policyHash)
                .setParameter("digest", Objects.requireNonNullElse(digest, "-"))
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    /** The decision that a request was opened by. */
    public Optional<LoggedDecision> openedBy(String realmId, String requestId, String policyHash, String digest) {
        List<JitDecisionEntity> rows = entities.createQuery(
                        "select d from JitDecision d where d.realmId = :realm and d.requestId = :request"
                                + " and d.policyHash = :policy and d.digest = :digest order by d.at, d.id",
                        JitDecisionEntity.class)
                .setParameter("realm", realmId)
                .setParameter("request", requestId)
                .setParameter("policy", policyHash)
                .setParameter("digest", digest)
                .setMaxResults(1)
                .getResultList();
        rows.forEach(entities::detach);
        return rows.stream().map(DecisionStore::kept).findFirst();
    }

    /**
     * The next decisions in the order of time.
     *
     * @param after the last one that the caller has, or null to begin
     */
    public List<LoggedDecision> page(Filter filter, LoggedDecision after, int max) {
        StringBuilder condition = new StringBuilder("d.realmId = :realm");
        if (after != null) {
            condition.append(" and (d.at > :at or d.at = :at and d.id > :id)");
        }
        if (filter.from() != null) {
            condition.append(" and d.at >= :from");
        }
        if (filter.to() != null) {
            condition.append(" and d.at < :to");
        }
        if (filter.effect() != null) {
            condition.append(" and d.effect = :effect");
        }
        if (filter.policy() != null) {
            condition.append(" and (d.policyName = :policy or d.policyHash = :policy)");
        }
        TypedQuery<JitDecisionEntity> query = entities.createQuery(
                        "select d from JitDecision d where " + condition + " order by d.at, d.id", JitDecisionEntity.class)
                .setParameter("realm", filter.realmId())
                .setMaxResults(max);
        if (after != null) {
            query.setParameter("at", after.at().toEpochMilli()).setParameter("id", after.id());
        }
        if (filter.from() != null) {
            query.setParameter("from", filter.from().toEpochMilli());
        }
        if (filter.to() != null) {
            query.setParameter("to", filter.to().toEpochMilli());
        }
        if (filter.effect() != null) {
            query.setParameter("effect", filter.effect());
        }
        if (filter.policy() != null) {
            query.setParameter("policy", filter.policy());
        }
        List<JitDecisionEntity> rows = query.getResultList();
        rows.forEach(entities::detach);
        return rows.stream().map(DecisionStore::kept).toList();
    }

    /**
     * Forgets decisions that were made before then, of every realm, the oldest first.
     *
     * @return how many; fewer than {@code max} where none are left
     */
    public int removeBefore(Instant then, int max) {
        List<String> ids = entities.createQuery("select d.id from JitDecision d where d.at < :then order by d.at", String.class)
                .setParameter("then", then.toEpochMilli())
                .setMaxResults(max)
                .getResultList();
        if (ids.isEmpty()) {
            return 0;
        }
        return entities.createQuery("delete from JitDecision d where d.id in :ids")
                .setParameter("ids", ids)
                .executeUpdate();
    }

    private static JitDecisionEntity row(LoggedDecision kept) {
        JitDecisionEntity row = new JitDecisionEntity();
        row.id = kept.id();
        row.realmId = kept.realmId();
        row.at = kept.at().toEpochMilli();
        row.action = kept.action();
        row.effect = kept.effect();
        row.policyHash = kept.policyHash();
        row.policyName = kept.policyName();
        row.ruleId = kept.ruleId();
        row.userId = kept.userId();
        row.clientId = kept.clientId();
        row.requestId = kept.requestId();
        row.observed = kept.observed();
        row.sampled = kept.sampled();
        row.rate = kept.rate();
        row.context = kept.context();
        row.redacted = kept.redacted();
        row.decision = kept.decision();
        row.digest = kept.digest();
        return row;
    }

    private static LoggedDecision kept(JitDecisionEntity row) {
        return new LoggedDecision(
                row.id, row.realmId, Instant.ofEpochMilli(row.at), row.action, row.effect, row.policyHash, row.policyName,
                row.ruleId, row.userId, row.clientId, row.requestId, row.observed, row.sampled, row.rate, row.context,
                row.redacted, row.decision, row.digest);
    }
}
