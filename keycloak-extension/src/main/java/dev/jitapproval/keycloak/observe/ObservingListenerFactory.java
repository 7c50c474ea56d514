package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.approval.spi.ApprovalListenerFactory;
import dev.jitapproval.keycloak.review.ReviewClient;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;

/** Makes {@link ObservingListener}, and shows the gauges of the guarded realms once the database is ready. */
public final class ObservingListenerFactory implements ApprovalListenerFactory {

    @Override
    public String getId() {
        return "observe";
    }

    @Override
    public ApprovalListener create(KeycloakSession session) {
        return new ObservingListener(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, session -> session.realms().getRealmsStream()
                        .filter(realm -> realm.getClientByClientId(ReviewClient.CLIENT_ID) != null)
                        .forEach(realm -> PendingGauge.show(factory, realm)));
            }
        });
    }

    @Override
    public void close() {}
}
