package dev.jitapproval.keycloak.api;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.encode.AccessTokenContext;
import org.keycloak.protocol.oidc.encode.TokenContextEncoderProvider;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.RealmManager;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * Who calls the admin API of a realm, and what they may. Keycloak has verified the token, and has let through those of this realm and of
 * the realm master only.
 *
 * <p>An admin of the realm itself has the roles of its client {@code jit-approval} that both their token carries and they still have
 * now. An admin of the realm master has all of them where Keycloak lets them manage this realm.
 */
public final class AdminAccess {

    /** The roles of the client {@code jit-approval}. */
    public enum Role {
        /** Reads requests, history, decision log and outbox; takes approvals back. */
        AUDITOR,
        /** Writes and validates policies. */
        POLICY_EDITOR,
        /** Switches and rolls back the active policy. */
        POLICY_ACTIVATOR;

        /** The role's name in Keycloak. */
        public String roleName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminPermissionEvaluator permissions;
    private final AdminEventBuilder adminEvent;

    public AdminAccess(
            KeycloakSession session, RealmModel realm, AdminPermissionEvaluator permissions, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.permissions = permissions;
        this.adminEvent = adminEvent;
    }

    /** The realm whose resources are asked for. */
    public RealmModel realm() {
        return realm;
    }

    /** Keycloak's own view of what the caller may. */
    public AdminPermissionEvaluator permissions() {
        return permissions;
    }

    /** Whether the caller has the role. */
    public boolean has(Role role) {
        AdminAuth auth = permissions.adminAuth();
        if (!auth.getRealm().equals(realm)) {
            return RealmManager.isAdministrationRealm(auth.getRealm()) && managesRealm();
        }
        ClientModel client = realm.getClientByClientId(ReviewClient.CLIENT_ID);
        if (client == null || !auth.hasAppRole(client, role.roleName())) {
            return false;
        }
        AccessToken.Access carried = auth.getToken().getResourceAccess(ReviewClient.CLIENT_ID);
        return isLightweight(auth.getToken()) || carried != null && carried.isUserInRole(role.roleName());
    }

    /** A lightweight token carries no roles; what its owner and its client may is looked up instead. */
    private boolean isLightweight(AccessToken token) {
        return session.getProvider(TokenContextEncoderProvider.class).getTokenContextFromTokenId(token.getId()).getTokenType()
                == AccessTokenContext.TokenType.LIGHTWEIGHT;
    }

    /** Whether Keycloak lets the caller manage the realm. */
    public boolean managesRealm() {
        return permissions.realm().canManageRealm();
    }

    /** @throws Problem 403, unless the caller has one of the roles */
    public void require(Role... anyOf) {
        if (Arrays.stream(anyOf).noneMatch(this::has)) {
            throw forbidden("one of the roles " + names(anyOf) + " of the client " + ReviewClient.CLIENT_ID);
        }
    }

    /** @throws Problem 403, unless the caller may manage the realm */
    public void requireRealmManager() {
        if (!managesRealm()) {
            throw forbidden("the right to manage the realm (manage-realm)");
        }
    }

    /** @throws Problem 403, unless the caller may manage the realm or has one of the roles */
    public void requireRealmManagerOr(Role... anyOf) {
        if (!managesRealm() && Arrays.stream(anyOf).noneMatch(this::has)) {
            throw forbidden("the right to manage the realm (manage-realm), or one of the roles " + names(anyOf)
                    + " of the client " + ReviewClient.CLIENT_ID);
        }
    }

    /** The caller, as the one who gives a command. */
    public Actor actor() {
        UserModel user = permissions.adminAuth().getUser();
        boolean own = permissions.adminAuth().getRealm().equals(realm);
        String personKey = own ? session.getProvider(EligibilityLookup.class).personKey(realm, user) : user.getId();
        return Actor.admin(user.getId(), user.getUsername(), personKey);
    }

    /** The caller's user id, unique over all realms. */
    public String callerId() {
        return permissions.adminAuth().getUser().getId();
    }

    /**
     * An admin event of the caller; {@code success()} records it.
     *
     * @param resourceType such as {@code JIT_POLICY}
     * @param path the elements below the realm, such as {@code "jit-approval", "policies", id}
     */
    public AdminEventBuilder event(OperationType operation, String resourceType, String... path) {
        return adminEvent.clone(session).operation(operation).resource(resourceType).resourcePath(path);
    }

    private static Problem forbidden(String needed) {
        return Problem.of(ProblemType.FORBIDDEN, "This needs " + needed + ".");
    }

    private static String names(Role... roles) {
        return Arrays.stream(roles).map(Role::roleName).collect(Collectors.joining(", "));
    }
}
