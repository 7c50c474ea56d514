package dev.jitapproval.keycloak.outbox;

import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.utils.KeycloakSessionUtil;

/** Transactions in Keycloak's own database, each with a Keycloak session of its own. */
final class KeycloakOutboxTransactions implements OutboxTransactions {

    private final KeycloakSessionFactory factory;

    KeycloakOutboxTransactions(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    static OutboxStore store(KeycloakSession session) {
        return new OutboxStore(session.getProvider(JpaConnectionProvider.class).getEntityManager());
    }

    @Override
    public <T> T run(Function<OutboxStore, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(factory, null, session -> work.apply(store(session)), "jit-outbox");
    }

    @Override
    public Delivery deliver(OutboxMessage message, BiConsumer<OutboxStore, Delivery> inside) throws Exception {
        KeycloakSession existing = KeycloakSessionUtil.getKeycloakSession();
        try (KeycloakSession session = factory.create()) {
            KeycloakSessionUtil.setKeycloakSession(session);
            Delivery delivery = begin(session, message, inside);
            if (delivery instanceof Delivery.Outside outside) {
                outside.call().run();
            }
            return delivery;
        } finally {
            KeycloakSessionUtil.setKeycloakSession(existing);
        }
    }

    private static Delivery begin(KeycloakSession session, OutboxMessage message, BiConsumer<OutboxStore, Delivery> inside) {
        session.getTransactionManager().begin();
        Delivery delivery;
        try {
            delivery = handle(session, message);
            inside.accept(store(session), delivery);
        } catch (RuntimeException | Error failed) {
            session.getTransactionManager().rollback();
            throw failed;
        }
        session.getTransactionManager().commit();
        return delivery;
    }

    private static Delivery handle(KeycloakSession session, OutboxMessage message) {
        RealmModel realm = session.realms().getRealm(message.realmId());
        if (realm == null) {
            return Delivery.skipped("the realm is gone");
        }
        session.getContext().setRealm(realm);
        OutboxHandler handler = session.getProvider(OutboxHandler.class, message.kind());
        if (handler == null) {
            throw new IllegalStateException("no provider `" + message.kind() + "` of the SPI `jit-outbox-handler` is enabled");
        }
        return handler.begin(message);
    }
}
