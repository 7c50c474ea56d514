package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore;
import jakarta.persistence.EntityManager;
import java.util.function.Function;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Transactions in Keycloak's own database, each with a Keycloak session of its own. */
record DatabaseTransactions(KeycloakSessionFactory factory) implements LogTransactions {

    @Override
    public <T> T run(Function<Work, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                factory,
                null,
                session -> work.apply(new Work(store(session), new RequestStore(entities(session)))),
                "jit-decision-log");
    }

    static DecisionStore store(KeycloakSession session) {
        return new DecisionStore(entities(session));
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
