package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Counts what happens to requests, and tells Keycloak's event listeners. */
final class ObservingListener implements ApprovalListener {

    private final KeycloakSession session;

    ObservingListener(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void onChange(ApprovalChange change) {
        RealmModel realm = session.getContext().getRealm();
        RequestFigures.count(realm.getName(), change);
        new RequestEvents(session, realm).emit(change);
    }
}
