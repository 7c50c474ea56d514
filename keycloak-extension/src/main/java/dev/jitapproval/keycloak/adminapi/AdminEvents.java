package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.adminapi.AdminDoor.Deed;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.observe.Observations;
import java.util.Locale;
import java.util.function.Consumer;
import org.keycloak.common.ClientConnection;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * What the realm's events tell of administrators at the checkpoint. In a transaction of their own, since what is answered with an error is
 * rolled back. What happens to requests is told where they change.
 */
final class AdminEvents {

    static final String ACTION_DETAIL = "jit_action";
    static final String TARGET_DETAIL = "jit_target";
    static final String HOME_DETAIL = "jit_admin_realm";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Administrator admin;

    AdminEvents(KeycloakSession session, RealmModel realm, Administrator admin) {
        this.session = session;
        this.realm = realm;
        this.admin = admin;
    }

    /** What is allowed is no news; every other way past the checkpoint is. */
    void passed(Deed deed, Verdict.Pass pass) {
        if (pass.how() != How.ALLOWED) {
            tell(deed, pass.how().name().toLowerCase(Locale.ROOT), pass.decision(), pass.requestId(), EventBuilder::success);
        }
    }

    void stopped(Deed deed, Verdict verdict) {
        if (verdict instanceof Verdict.Refuse refuse) {
            tell(deed, name(refuse), refuse.decision(), null, event -> event.error(Errors.ACCESS_DENIED));
        } else if (verdict instanceof Verdict.InteractionNeeded needed) {
            tell(deed, "interaction_required", needed.decision(), null, event -> event.error(Errors.ACCESS_DENIED));
        } else if (verdict instanceof Verdict.Ended ended) {
            tell(deed, ended.request().status().wireName(), null, ended.requestId(), event -> event.error(Errors.ACCESS_DENIED));
        }
    }

    private static String name(Verdict.Refuse refuse) {
        return switch (refuse.why()) {
            case POLICY -> "denied_by_policy";
            case STEP_UP -> "step_up_required";
            case ACCOUNT -> "account_locked";
            case APPROVER_CLIENT -> "approver_client_refused";
            case TOO_MANY_REQUESTS -> "too_many_requests";
            case NO_POLICY -> "no_policy";
            case UNAVAILABLE -> "unavailable";
        };
    }

    private void tell(Deed deed, String what, Decision decision, String requestId, Consumer<EventBuilder> send) {
        ClientConnection connection = session.getContext().getConnection();
        KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), session.getContext(), own -> {
            RealmModel ofOwn = own.realms().getRealm(realm.getId());
            own.getContext().setRealm(ofOwn);
            EventBuilder event = new EventBuilder(ofOwn, own, connection)
                    .event(EventType.CUSTOM_REQUIRED_ACTION)
                    .client(admin.client().getClientId())
                    .user(admin.user().getId())
                    .detail(Details.USERNAME, admin.user().getUsername())
                    .detail(ACTION_DETAIL, deed.action())
                    .detail(TARGET_DETAIL, deed.target().type() + " " + deed.target().id())
                    .detail(HOME_DETAIL, admin.home().getName());
            send.accept(Observations.mark(
                    event, what, decision == null ? null : decision.policy().name(), decision == null ? null : decision.rule(), requestId));
        });
    }
}
