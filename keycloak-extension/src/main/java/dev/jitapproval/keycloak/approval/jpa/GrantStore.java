package dev.jitapproval.keycloak.approval.jpa;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.approval.UsedOn;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Grants in the database, within whatever transaction the entity manager is in. Nothing stays in the persistence context. */
public final class GrantStore {

    private static final String SELECT = "select g, r from JitGrant g join JitRequest r on r.id = g.requestId where ";

    private final EntityManager entities;

    public GrantStore(EntityManager entities) {
        this.entities = entities;
    }

    /** The grant of a request. */
    public Optional<Grant> find(String realmId, String requestId) {
        return list(entities.createQuery(SELECT + "g.realmId = :realm and g.requestId = :id", Object[].class)
                        .setParameter("realm", realmId)
                        .setParameter("id", requestId))
                .stream()
                .findFirst();
    }

    /** Grants of a realm, the latest first. */
    public List<Grant> list(String realmId, GrantQuery wanted, int max) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder where = new StringBuilder("g.realmId = :realm");
        values.put("realm", realmId);
        narrow(where, values, "g.userId = :user", "user", wanted.userId());
        narrow(where, values, "g.clientId = :client", "client", wanted.clientId());
        narrow(where, values, "g.ruleId = :rule", "rule", wanted.ruleId());
        narrow(where, values, "exists (select e.kind from JitEvent e where e.key.requestId = g.requestId and e.actorId = :approver"
                + " and e.kind = 'approved')", "approver", wanted.approverId());
        if (wanted.live() != null) {
            String good = "g.revokedAt is null and g.until > :now";
            narrow(where, values, wanted.live() ? good : "not (" + good + ")", "now", Rows.millis(wanted.now()));
        }
        if (wanted.after() != null) {
            narrow(where, values, "(g.from < :from or g.from = :from and g.requestId < :id)", "id", wanted.after().id());
            values.put("from", Rows.millis(wanted.after().from()));
        }
        TypedQuery<Object[]> query = entities.createQuery(
                SELECT + where + " order by g.from desc, g.requestId desc", Object[].class);
        values.forEach(query::setParameter);
        return list(query.setMaxResults(max));
    }

    /** Stores the grant of an approval that was just used. */
    public void insert(ApprovalRequest request, UsedOn usedOn, Instant from, Instant until) {
        JitGrantEntity row = new JitGrantEntity();
        row.requestId = request.id();
        row.realmId = request.key().realmId();
        row.userId = request.key().userId();
        row.clientId = request.key().clientId();
        row.ruleId = request.ruleId();
        row.scopes = String.join(" ", usedOn.scopes());
        row.change = usedOn.change();
        row.sessionId = usedOn.sessionId();
        row.from = from.toEpochMilli();
        row.until = until.toEpochMilli();
        entities.persist(row);
        entities.flush();
        entities.detach(row);
    }

    /** Notes that a request's grant, if it has one, was taken back. */
    public void revoke(String requestId, Instant at) {
        entities.createQuery("update JitGrant g set g.revokedAt = :at where g.requestId = :id and g.revokedAt is null")
                .setParameter("at", at.toEpochMilli())
                .setParameter("id", requestId)
                .executeUpdate();
    }

    private static void narrow(StringBuilder where, Map<String, Object> values, String condition, String name, Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            values.put(name, value);
        }
    }

    private List<Grant> list(TypedQuery<Object[]> query) {
        List<Object[]> rows = query.getResultList();
        rows.forEach(row -> Stream.of(row).forEach(entities::detach));
        return rows.stream().map(row -> grant((JitGrantEntity) row[0], (JitRequestEntity) row[1])).toList();
    }

    private static Grant grant(JitGrantEntity row, JitRequestEntity request) {
        return new Grant(
                Rows.request(request).request(),
                new UsedOn(row.scopes == null || row.scopes.isEmpty() ? List.of() : List.of(row.scopes.split(" ")), row.change, row.sessionId),
                Instant.ofEpochMilli(row.from),
                Instant.ofEpochMilli(row.until),
                row.revokedAt == null ? null : Instant.ofEpochMilli(row.revokedAt));
    }
}
