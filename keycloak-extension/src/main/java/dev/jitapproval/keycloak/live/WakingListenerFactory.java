package dev.jitapproval.keycloak.live;

import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.approval.spi.ApprovalListenerFactory;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.PostMigrationEvent;

/** Wakes the pages that wait for a request whenever an event was stored; what was only rejected changed nothing. */
public final class WakingListenerFactory implements ApprovalListenerFactory {

    @Override
    public String getId() {
        return "wake";
    }

    @Override
    public ApprovalListener create(KeycloakSession session) {
        return change -> {
            if (!change.events().isEmpty()) {
                Waking.tell(session, change.request().id());
            }
        };
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                Waking.listen(factory);
            }
        });
    }

    @Override
    public void close() {
        Waking.stop();
    }
}
