package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.observe.Observations;
import org.jboss.logging.Logger;
import org.keycloak.common.ClientConnection;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.GroupModel.GroupMemberJoinEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.RoleModel.RoleGrantedEvent;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ProviderEventListener;

/**
 * Tells of a role or group that a user was given without an administrator's call having been judged, where the policy has a rule on giving it:
 * by a mapper, by SCIM, by a workflow. It only tells: at a login there is nobody whom Keycloak could ask, and a refusal would end the login.
 */
public final class GrantWatch implements ProviderEventListener {

    private static final Logger LOG = Logger.getLogger(GrantWatch.class);
    private static final String JUDGED = "jit-approval.admin-call-judged";
    private static final String GIVEN_DETAIL = "jit_given";

    /** Marks the session of a call that was judged, and let through. */
    static void judged(KeycloakSession session) {
        session.setAttribute(JUDGED, Boolean.TRUE);
    }

    @Override
    public void onEvent(ProviderEvent event) {
        if (event instanceof RoleGrantedEvent granted && !granted.getRole().equals(realmOf(granted.getRole()).getDefaultRole())) {
            tell(granted.getKeycloakSession(), realmOf(granted.getRole()), granted.getUser(), AdminAct.GRANT_ROLE, name(granted.getRole()));
        } else if (event instanceof GroupMemberJoinEvent joined && !isDefault(joined.getRealm(), joined.getGroup())) {
            tell(joined.getKeycloakSession(), joined.getRealm(), joined.getUser(), AdminAct.JOIN_GROUP,
                    KeycloakModelUtils.buildGroupPath(joined.getGroup()));
        }
    }

    /** Not the realm at hand: who makes a realm is given roles of the realm master meanwhile. */
    private static RealmModel realmOf(RoleModel role) {
        return role.getContainer() instanceof ClientModel client ? client.getRealm() : (RealmModel) role.getContainer();
    }

    /** Everybody gets these. */
    private static boolean isDefault(RealmModel realm, GroupModel group) {
        return realm == null || realm.getDefaultGroupsStream().anyMatch(group::equals);
    }

    private static String name(RoleModel role) {
        return role.getContainer() instanceof ClientModel client ? client.getClientId() + "/" + role.getName() : role.getName();
    }

    /** In the transaction that gives it: what is rolled back was not given. Never keeps it from being given. */
    private static void tell(KeycloakSession session, RealmModel realm, UserModel user, String action, String given) {
        try {
            boolean ruled = session.getAttribute(JUDGED) == null && JitApprovalProvider.of(session)
                    .policies()
                    .active(realm)
                    .filter(policy -> policy.actions().contains(action))
                    .isPresent();
            if (ruled) {
                ClientConnection connection = session.getContext().getConnection();
                EventBuilder event = connection == null ? new EventBuilder(realm, session) : new EventBuilder(realm, session, connection);
                Observations.mark(
                                event.event(EventType.CUSTOM_REQUIRED_ACTION)
                                        .user(user)
                                        .detail(Details.USERNAME, user.getUsername())
                                        .detail(AdminEvents.ACTION_DETAIL, action)
                                        .detail(GIVEN_DETAIL, given),
                                "given_unasked", null, null, null)
                        .success();
            }
        } catch (RuntimeException e) {
            LOG.warnf(e, "What a user of realm %s was given cannot be told", realm.getName());
        }
    }
}
