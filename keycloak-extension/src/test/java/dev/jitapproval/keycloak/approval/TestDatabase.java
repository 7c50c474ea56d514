package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.GrantStore;
import dev.jitapproval.keycloak.approval.jpa.JitTables;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.OutboxRow;
import dev.jitapproval.keycloak.outbox.OutboxState;
import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** A real H2 database with the real tables, empty at first, and transactions in it. */
final class TestDatabase implements UnitOfWork.Source, AutoCloseable {

    private static final EntityManagerFactory FACTORY =
            JitTables.open("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    private final TestDirectory directory;
    private final Queue<EntityManager> opened = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<EntityManager> readers = ThreadLocal.withInitial(this::newReader);

    TestDatabase(TestDirectory directory) {
        this.directory = directory;
        inTransaction(JitTables::empty);
    }

    @Override
    public <T> T inNewTransaction(Function<UnitOfWork, T> work) {
        return JitTables.transact(FACTORY, entities -> work.apply(new Work(new RequestStore(entities), new GrantStore(entities), new OutboxStore(entities), directory)));
    }

    /** The store as a caller's own transaction reads it. */
    RequestStore reading() {
        return new RequestStore(readers.get());
    }

    GrantStore grants() {
        return new GrantStore(readers.get());
    }

    /** The keys of what waits in the outbox, oldest first. */
    List<String> outboxKeys() {
        return outbox().stream().map(OutboxMessage::key).toList();
    }

    List<OutboxMessage> outbox() {
        return outboxRows().stream().map(OutboxRow::message).toList();
    }

    List<OutboxRow> outboxRows() {
        try (EntityManager entities = FACTORY.createEntityManager()) {
            return new OutboxStore(entities).list(ApprovalsFixture.REALM, OutboxState.PENDING, null, null, 1_000);
        }
    }

    void inTransaction(Consumer<EntityManager> work) {
        try (EntityManager entities = FACTORY.createEntityManager()) {
            entities.getTransaction().begin();
            work.accept(entities);
            entities.getTransaction().commit();
        }
    }

    private EntityManager newReader() {
        EntityManager reader = FACTORY.createEntityManager();
        opened.add(reader);
        return reader;
    }

    @Override
    public void close() {
        opened.forEach(EntityManager::close);
    }

    private record Work(RequestStore requests, GrantStore grants, OutboxStore outbox, TestDirectory directory) implements UnitOfWork {

        @Override
        public Eligible eligible(String realmId, Requester requester, Stage stage) {
            return directory.eligible(stage);
        }

        @Override
        public List<Integer> matches(String realmId, Requester requester, Stage stage, Actor actor) {
            return directory.matches(stage, actor);
        }

        @Override
        public void put(OutboxMessage message) {
            outbox.insert(message, Instant.EPOCH);
        }

        @Override
        public Optional<URI> frontend(String realmId) {
            return Optional.of(URI.create("https://keycloak.example/"));
        }
    }
}
