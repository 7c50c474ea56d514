package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.GrantStore;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.outbox.Outbox;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import jakarta.persistence.EntityManager;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Transactions in Keycloak's own database, each with a Keycloak session of its own. */
final class KeycloakTransactions implements UnitOfWork.Source {

    private final KeycloakSessionFactory factory;

    KeycloakTransactions(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    @Override
    public <T> T inNewTransaction(Function<UnitOfWork, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                factory, null, session -> work.apply(new Work(session)), "jit-approval");
    }

    static RequestStore store(KeycloakSession session) {
        EntityManager entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        return new RequestStore(entities);
    }

    private record Work(KeycloakSession session) implements UnitOfWork {

        @Override
        public RequestStore requests() {
            return store(session);
        }

        @Override
        public GrantStore grants() {
            return new GrantStore(session.getProvider(JpaConnectionProvider.class).getEntityManager());
        }

        @Override
        public Eligible eligible(String realmId, Requester requester, Stage stage) {
            RealmModel realm = enter(realmId);
            return lookup().eligible(realm, requester, stage);
        }

        @Override
        public List<Integer> matches(String realmId, Requester requester, Stage stage, Actor actor) {
            RealmModel realm = enter(realmId);
            UserModel user = session.users().getUserById(realm, actor.id());
            if (user == null || !user.isEnabled()) {
                return List.of();
            }
            return lookup().matches(realm, requester, stage, user);
        }

        @Override
        public void put(OutboxMessage message) {
            Outbox.of(session).put(message);
        }

        @Override
        public Optional<URI> frontend(String realmId) {
            return FrontendAddress.of(session, enter(realmId));
        }

        private EligibilityLookup lookup() {
            EligibilityLookup lookup = session.getProvider(EligibilityLookup.class);
            if (lookup == null) {
                throw new IllegalStateException("no provider of the SPI `jit-eligibility` is enabled");
            }
            return lookup;
        }

        private RealmModel enter(String realmId) {
            RealmModel realm = session.realms().getRealm(realmId);
            if (realm == null) {
                throw new IllegalStateException("realm " + realmId + " is gone");
            }
            session.getContext().setRealm(realm);
            return realm;
        }
    }
}
