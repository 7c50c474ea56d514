package dev.jitapproval.keycloak.policy.jpa;

import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.engine.PolicyMode;
import dev.jitapproval.keycloak.policy.Activation;
import dev.jitapproval.keycloak.policy.ActivePolicy;
import dev.jitapproval.keycloak.policy.Author;
import dev.jitapproval.keycloak.policy.Policy;
import dev.jitapproval.keycloak.policy.PolicyHistory;
import dev.jitapproval.keycloak.policy.PolicyVersion;
import dev.jitapproval.keycloak.policy.Rollback;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** The history in Keycloak's own database. Nothing stays in the persistence context. */
public final class JpaPolicyHistory implements PolicyHistory {

    private static final String LAST =
            "a.key.number = (select max(b.key.number) from JitPolicyActivation b where b.key.realmId = :realm)";

    private final EntityManager entities;

    public JpaPolicyHistory(EntityManager entities) {
        this.entities = entities;
    }

    /** The history in the session's own transaction. */
    public static JpaPolicyHistory of(KeycloakSession session) {
        return new JpaPolicyHistory(session.getProvider(JpaConnectionProvider.class).getEntityManager());
    }

    /** Transactions with Keycloak sessions of their own. */
    public static Transactions transactions(KeycloakSessionFactory factory) {
        return new Transactions() {
            @Override
            public <T> T run(Function<PolicyHistory, T> work) {
                return KeycloakModelUtils.runJobInTransactionWithResult(
                        factory, null, session -> work.apply(of(session)), "jit-approval-policies");
            }
        };
    }

    @Override
    public Optional<PolicyVersion> newest(String realmId) {
        return versions(realmId, Long.MAX_VALUE, 1).stream().findFirst();
    }

    @Override
    public Optional<PolicyVersion> version(String realmId, long number) {
        return list(versionQuery("v.key.realmId = :realm and v.key.number = :number")
                        .setParameter("realm", realmId)
                        .setParameter("number", number)).stream()
                .map(JpaPolicyHistory::version)
                .findFirst();
    }

    @Override
    public List<PolicyVersion> versions(String realmId, long below, int max) {
        return list(versionQuery("v.key.realmId = :realm and v.key.number < :below order by v.key.number desc")
                        .setParameter("realm", realmId)
                        .setParameter("below", below)
                        .setMaxResults(max)).stream()
                .map(JpaPolicyHistory::version)
                .toList();
    }

    @Override
    public Optional<String> source(String hash) {
        return new RequestStore(entities).policySource(hash);
    }

    @Override
    public Optional<ActivePolicy> active(String realmId) {
        return list(activationQuery("a.key.realmId = :realm and " + LAST).setParameter("realm", realmId)).stream()
                .map(JpaPolicyHistory::activation)
                .findFirst()
                .map(last -> new ActivePolicy(last, version(realmId, last.version()).orElseThrow()));
    }

    @Override
    public List<Activation> activations(String realmId, long below, int max) {
        return list(activationQuery("a.key.realmId = :realm and a.key.number < :below order by a.key.number desc")
                        .setParameter("realm", realmId)
                        .setParameter("below", below)
                        .setMaxResults(max)).stream()
                .map(JpaPolicyHistory::activation)
                .toList();
    }

    @Override
    public List<Rollback.Switch> switches(String realmId) {
        return entities
                .createQuery("select a.kind, a.version from JitPolicyActivation a where a.key.realmId = :realm"
                        + " order by a.key.number", Object[].class)
                .setParameter("realm", realmId)
                .getResultStream()
                .map(row -> new Rollback.Switch(kind((String) row[0]), (Long) row[1]))
                .toList();
    }

    @Override
    public Map<String, Long> lastActivations() {
        // The primary key answers this alone, so that it can be asked every second.
        return entities
                .createQuery("select a.key.realmId, max(a.key.number) from JitPolicyActivation a group by a.key.realmId", Object[].class)
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
    }

    @Override
    public void append(String realmId, PolicyVersion version, String source) {
        new RequestStore(entities)
                .keepPolicy(
                        new Policy(version.hash(), version.name(), version.mode(), List.of(), source), version.createdAt());
        JitPolicyVersionEntity row = new JitPolicyVersionEntity();
        row.key = new RealmKey(realmId, version.number());
        row.hash = version.hash();
        row.name = version.name();
        row.mode = version.mode().name().toLowerCase(Locale.ROOT);
        row.authorId = version.author().id();
        row.authorName = version.author().name();
        row.createdAt = version.createdAt().toEpochMilli();
        row.comment = version.comment();
        insert(row);
    }

    @Override
    public void append(String realmId, Activation activation) {
        JitPolicyActivationEntity row = new JitPolicyActivationEntity();
        row.key = new RealmKey(realmId, activation.seq());
        row.version = activation.version();
        row.kind = activation.kind().name().toLowerCase(Locale.ROOT);
        row.actorId = activation.actor().id();
        row.actorName = activation.actor().name();
        row.activatedAt = activation.at().toEpochMilli();
        row.comment = activation.comment();
        insert(row);
    }

    private void insert(Object row) {
        entities.persist(row);
        entities.flush();
        entities.detach(row);
    }

    private TypedQuery<JitPolicyVersionEntity> versionQuery(String condition) {
        return entities.createQuery("select v from JitPolicyVersion v where " + condition, JitPolicyVersionEntity.class);
    }

    private TypedQuery<JitPolicyActivationEntity> activationQuery(String condition) {
        return entities.createQuery("select a from JitPolicyActivation a where " + condition, JitPolicyActivationEntity.class);
    }

    private <T> List<T> list(TypedQuery<T> query) {
        List<T> rows = query.getResultList();
        rows.forEach(entities::detach);
        return rows;
    }

    private static PolicyVersion version(JitPolicyVersionEntity row) {
        return new PolicyVersion(
                row.key.number(), row.hash, row.name, PolicyMode.valueOf(row.mode.toUpperCase(Locale.ROOT)),
                new Author(row.authorId, row.authorName), Instant.ofEpochMilli(row.createdAt), row.comment);
    }

    private static Activation activation(JitPolicyActivationEntity row) {
        return new Activation(
                row.key.number(), row.version, kind(row.kind), new Author(row.actorId, row.actorName),
                Instant.ofEpochMilli(row.activatedAt), row.comment);
    }

    private static Activation.Kind kind(String written) {
        return Activation.Kind.valueOf(written.toUpperCase(Locale.ROOT));
    }
}
