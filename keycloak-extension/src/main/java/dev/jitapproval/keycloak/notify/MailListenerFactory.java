package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.approval.spi.ApprovalListenerFactory;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link MailListener}. */
public final class MailListenerFactory implements ApprovalListenerFactory {

    @Override
    public String getId() {
        return "mail";
    }

    @Override
    public ApprovalListener create(KeycloakSession session) {
        return new MailListener(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
