package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.AuthDetails;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * Tells Keycloak's event system what happened to a request: to listeners and the event store as a user event of the type
 * {@code CUSTOM_REQUIRED_ACTION}, and as an admin event of the resource type {@link Observations#ADMIN_RESOURCE_TYPE}.
 * {@link EventType} is a closed set, hence the detail.
 */
final class RequestEvents {

    private static final String STAGE_DETAIL = "jit_stage";
    private static final String CODE_DETAIL = "jit_code";
    private static final String REQUESTER_DETAIL = "jit_requester";
    private static final String REJECTED = "rejected";

    private final KeycloakSession session;
    private final RealmModel realm;

    RequestEvents(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    void emit(ApprovalChange change) {
        for (ApprovalEvent event : change.events()) {
            build(change.request(), event.actor(), event.kind())
                    .detail(STAGE_DETAIL, event.stage())
                    .detail(CODE_DETAIL, event.code())
                    .success();
            admin(change.request(), event);
        }
        if (change.rejection() != null) {
            build(change.request(), change.actor(), REJECTED)
                    .detail(STAGE_DETAIL, change.request().stageId())
                    .detail("jit_command", change.command())
                    .error(change.rejection().code());
        }
    }

    private EventBuilder build(ApprovalRequest request, Actor actor, String what) {
        EventBuilder event = new EventBuilder(realm, session, session.getContext().getConnection())
                .event(EventType.CUSTOM_REQUIRED_ACTION)
                .detail(Details.CUSTOM_REQUIRED_ACTION, ReviewClient.REVIEW_ACTION)
                .detail(REQUESTER_DETAIL, request.requester().username());
        ClientModel client = realm.getClientById(request.key().clientId());
        if (client != null) {
            event.client(client);
        }
        if (actor != null && actor.id() != null) {
            event.user(actor.id()).detail(Details.USERNAME, actor.username());
        }
        return Observations.mark(event, what, request.policyName(), request.ruleId(), request.id());
    }

    private void admin(ApprovalRequest request, ApprovalEvent event) {
        AdminEvent admin = new AdminEvent();
        admin.setRealmId(realm.getId());
        admin.setRealmName(realm.getName());
        admin.setAuthDetails(who(event.actor()));
        new RequestAdminEvent(realm, session, admin)
                .operation("opened".equals(event.kind()) ? OperationType.CREATE : OperationType.UPDATE)
                .resource(Observations.ADMIN_RESOURCE_TYPE)
                .resourcePath("jit-approval", "requests", request.id())
                .representation(representation(request, event))
                .success();
    }

    private AuthDetails who(Actor actor) {
        AuthDetails who = new AuthDetails();
        who.setRealmId(realm.getId());
        who.setRealmName(realm.getName());
        ClientModel client = realm.getClientByClientId(ReviewClient.CLIENT_ID);
        who.setClientId(client == null ? null : client.getId());
        who.setUserId(actor == null ? null : actor.id());
        who.setIpAddress(session.getContext().getConnection().getRemoteHost());
        return who;
    }

    private static Map<String, Object> representation(ApprovalRequest request, ApprovalEvent event) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", request.id());
        shown.put("seq", event.seq());
        shown.put("event", event.kind());
        shown.put("stage", event.stage());
        shown.put("status", request.status().wireName());
        shown.put("requester", request.requester().username());
        shown.put("actor", event.actor() == null ? null : event.actor().username());
        shown.put("policy", request.policyName());
        shown.put("policy_hash", request.policyHash());
        shown.put("rule", request.ruleId());
        return shown;
    }

    /** An admin event whose author may be the system; Keycloak's own builder wants a user. */
    private static final class RequestAdminEvent extends AdminEventBuilder {

        RequestAdminEvent(RealmModel realm, KeycloakSession session, AdminEvent event) {
            super(realm, new AdminAuth(realm, null, null, null), session, event.getAuthDetails().getIpAddress(), event);
        }
    }
}
