package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Tells every {@link ApprovalListener} of a change, each in a session of its own, so that one that fails hurts no other. */
final class Listeners implements Consumer<ApprovalChange> {

    private static final Logger LOG = Logger.getLogger(Listeners.class);

    private final KeycloakSessionFactory factory;

    Listeners(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    @Override
    public void accept(ApprovalChange change) {
        List<String> ids = factory.getProviderFactoriesStream(ApprovalListener.class)
                .map(listener -> listener.getId())
                .toList();
        for (String id : ids) {
            try {
                KeycloakModelUtils.runJobInTransaction(factory, session -> tell(session, id, change));
            } catch (RuntimeException e) {
                LOG.errorf(e, "Request %s: the listener %s failed after `%s`; the request itself is as it should be",
                        change.request().id(), id, change.command());
            }
        }
    }

    private static void tell(KeycloakSession session, String id, ApprovalChange change) {
        RealmModel realm = session.realms().getRealm(change.request().key().realmId());
        if (realm == null) {
            return;
        }
        session.getContext().setRealm(realm);
        session.getProvider(ApprovalListener.class, id).onChange(change);
    }
}
