package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.audit.jpa.HistoryStore;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The extension's tables on a real H2 database, filled with SQL as whoever may write the database would. */
final class AuditFixture implements Retention.Transactions, AuditExport.Reading, AutoCloseable {

    static final String REALM = "realm-1";
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final String PINNED = "{\"about\":{},\"personal\":{\"salt\":\"00\"}}";

    private final EntityManagerFactory factory = JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    AuditFixture() {
        sql("insert into JIT_POLICY (HASH, NAME, SOURCE, CREATED_AT) values ('sha256:p', 'production', 'name: production', 0)");
    }

    @Override
    public <T> T run(Function<EntityManager, T> work) {
        return JitTables.transact(factory, work);
    }

    @Override
    public <T> T read(Function<HistoryStore, T> read) {
        return run(entities -> read.apply(new HistoryStore(entities)));
    }

    void sql(String statement) {
        work(entities -> entities.createNativeQuery(statement).executeUpdate());
    }

    void work(Consumer<EntityManager> work) {
        run(entities -> {
            work.accept(entities);
            return null;
        });
    }

    long count(String table) {
        return run(entities -> ((Number) entities.createNativeQuery("select count(*) from " + table).getSingleResult()).longValue());
    }

    /** The grant of a request of alice's. */
    void grant(String id, Instant until) {
        sql("insert into JIT_GRANT (REQUEST_ID, REALM_ID, USER_ID, CLIENT_ID, RULE_ID, SCOPES, VALID_FROM, VALID_UNTIL) values ('" + id
                + "', '" + REALM + "', 'id-alice', 'client-1', 'rule-1', 'openid', " + NOON.toEpochMilli() + ", "
                + until.toEpochMilli() + ")");
    }

    /** A request with as many events as it says. */
    void request(String id, String status, Instant updated, int events) {
        sql("insert into JIT_REQUEST (ID, REALM_ID, USER_ID, CLIENT_ID, ACTION, BROWSER_HASH, POLICY_NAME, POLICY_HASH, DIGEST, FACTS,"
                + " PINNED, MATCH_CODE, OPENED_AT, STATUS, PROGRESS, UPDATED_AT, SEQ, HEAD) values ('" + id + "', '" + REALM
                + "', 'id-alice', 'client-1', 'login', 'sha256:b', 'production', 'sha256:p', 'sha256:d', '{\"client\":\"app\"}', '"
                + PINNED + "', 'ABC-DEF', " + NOON.toEpochMilli() + ", '" + status + "', '[]', " + updated.toEpochMilli() + ", "
                + events + ", 'sha256:" + id + "-" + events + "')");
        for (int seq = 1; seq <= events; seq++) {
            event(id, seq, "{\"seq\":" + seq + "}");
        }
    }

    void event(String request, int seq, String text) {
        work(entities -> entities.createNativeQuery(
                        "insert into JIT_EVENT (REQUEST_ID, SEQ, HAPPENED_AT, KIND, EVENT) values (?1, ?2, 0, 'opened', ?3)")
                .setParameter(1, request)
                .setParameter(2, seq)
                .setParameter(3, text)
                .executeUpdate());
    }

    void sighting(String user, Instant seen) {
        sql("insert into JIT_SIGHTING (REALM_ID, USER_ID, KIND, MARK, LAST_SEEN) values ('" + REALM + "', '" + user + "', 'ip', 'm', "
                + seen.toEpochMilli() + ")");
    }

    @Override
    public void close() {
        factory.close();
    }

    static List<Head> heads(String... ids) {
        return List.of(ids).stream().map(id -> new Head(id, 1, "sha256:" + id + "-1")).toList();
    }
}
