package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.doors.DoorAudit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ProviderEventListener;

/**
 * Tells the log, when the server starts, of realms that are meant to be guarded and are not: Keycloak skips a required action that was
 * disabled, and a flow that was unbound, without a word. And which doors stand open, as one line of codes for each realm.
 */
final class UnguardedRealms implements ProviderEventListener {

    private static final Logger LOG = Logger.getLogger(UnguardedRealms.class);

    @Override
    public void onEvent(ProviderEvent event) {
        if (event instanceof PostMigrationEvent migrated) {
            KeycloakModelUtils.runJobInTransaction(
                    migrated.getFactory(), session -> session.realms().getRealmsStream().toList().forEach(realm -> report(session, realm)));
        }
    }

    private static void report(KeycloakSession session, RealmModel realm) {
        session.getContext().setRealm(realm);
        RealmReadiness readiness = new RealmReadiness(session, realm);
        if (readiness.isMeantToBeGuarded()) {
            String problems = String.join(" ", readiness.guardProblems());
            if (!problems.isEmpty()) {
                LOG.warnf("Realm %s is not guarded as it is meant to be. %s", realm.getName(), problems);
            }
            String open = DoorAudit.of(session, realm).stream().map(door -> door.code().code()).collect(Collectors.joining(", "));
            if (!open.isEmpty()) {
                LOG.warnf("Realm %s has open doors: %s. GET /admin/realms/%s/jit-approval/doors says more", realm.getName(), open,
                        realm.getName());
            }
        }
    }
}
