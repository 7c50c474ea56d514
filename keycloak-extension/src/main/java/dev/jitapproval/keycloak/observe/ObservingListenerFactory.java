package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.approval.spi.ApprovalListenerFactory;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.timer.TimerProvider;

/** Makes {@link ObservingListener}, and keeps figures and health checks fresh once the database is ready. */
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
    public void init(Config.Scope config) {
        UnreadyOption.read(config);
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return UnreadyOption.METADATA;
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        Health.show();
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                FiguresTask task = new FiguresTask();
                KeycloakModelUtils.runJobInTransaction(factory, task::run);
                KeycloakModelUtils.runJobInTransaction(factory,
                        session -> session.getProvider(TimerProvider.class).scheduleTask(task, FiguresTask.EVERY_MILLIS));
            }
        });
    }

    @Override
    public void close() {}
}
