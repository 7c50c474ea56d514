package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import java.time.Duration;
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
        count(realm, change);
        new RequestEvents(session, realm).emit(change);
    }

    private void count(RealmModel realm, ApprovalChange change) {
        PendingGauge.show(session.getKeycloakSessionFactory(), realm);
        ApprovalRequest request = change.request();
        if (change.before() == null && !change.events().isEmpty()) {
            Observations.opened(realm.getName());
        }
        if (request.status() != change.before()) {
            Observations.cameTo(
                    realm.getName(), request.status().wireName(), Duration.between(request.openedAt(), request.updatedAt()));
        }
    }
}
