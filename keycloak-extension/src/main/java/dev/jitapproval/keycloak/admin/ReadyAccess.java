package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.rest.DecideScope;
import dev.jitapproval.keycloak.review.ReviewClient;
import dev.jitapproval.keycloak.token.ApprovalMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.mappers.AudienceProtocolMapper;
import org.keycloak.services.managers.RealmManager;

/**
 * The roles of the client {@code jit-approval}, which a realm's admins have by composite, and the client scope that lets an application's
 * access tokens decide, and the one that tells its resource servers of approvals. No application has either before an admin gives it.
 */
final class ReadyAccess {

    private static final String AUDIENCE_MAPPER = "jit-approval audience";

    private final RealmModel realm;

    ReadyAccess(RealmModel realm) {
        this.realm = realm;
    }

    /** Whether the realm has the client whose roles these are. */
    boolean hasClient() {
        return client().isPresent();
    }

    /** Makes what is missing, given the client. */
    void ensure() {
        ClientModel client = client().orElseThrow();
        for (Role role : Role.values()) {
            RoleModel made = client.getRole(role.roleName());
            if (made == null) {
                made = client.addRole(role.roleName());
                made.setDescription(description(role));
            }
            RoleModel granted = made;
            admins().filter(admin -> !admin.hasRole(granted)).ifPresent(admin -> admin.addCompositeRole(granted));
        }
        if (KeycloakModelUtils.getClientScopeByName(realm, ApprovalMapper.ID) == null) {
            addFactsScope();
        }
        ClientScopeModel scope = scope().orElseGet(this::addScope);
        if (!scope.isIncludeInTokenScope()) {
            scope.setIncludeInTokenScope(true);
        }
        if (!addsAudience(scope)) {
            scope.addProtocolMapper(AudienceProtocolMapper.createClaimMapper(
                    AUDIENCE_MAPPER, ReviewClient.CLIENT_ID, null, true, false, true, true));
        }
    }

    /** What is missing, in sentences; empty when nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        ClientModel client = client().orElse(null);
        if (client == null) {
            return problems;
        }
        for (Role role : Role.values()) {
            RoleModel made = client.getRole(role.roleName());
            if (made == null) {
                problems.add("The client " + ReviewClient.CLIENT_ID + " has no role " + role.roleName() + ".");
            } else if (admins().isPresent() && !admins().get().hasRole(made)) {
                problems.add("The realm's admins do not have the role " + role.roleName() + " of the client "
                        + ReviewClient.CLIENT_ID + ": " + admins().get().getName() + " should contain it.");
            }
        }
        if (scope().isEmpty()) {
            problems.add("The client scope " + DecideScope.NAME + " is missing, so no application can decide by access token.");
        } else if (!addsAudience(scope().get()) || !scope().get().isIncludeInTokenScope()) {
            problems.add("The client scope " + DecideScope.NAME + " must be included in the token's scope, and must add the audience "
                    + ReviewClient.CLIENT_ID + ".");
        }
        if (realm.getDefaultClientScopesStream(true).anyMatch(scope -> scope.getName().equals(DecideScope.NAME))) {
            problems.add("The client scope " + DecideScope.NAME + " is a default of the realm: every new application could decide.");
        }
        return problems;
    }

    /** For applications whose resource servers ask for an approval. It names nobody, and is nothing that a user consents to. */
    private void addFactsScope() {
        ClientScopeModel scope = realm.addClientScope(ApprovalMapper.ID);
        scope.setDescription("The approval that a session rests on, in its tokens");
        scope.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        scope.setIncludeInTokenScope(false);
        scope.setDisplayOnConsentScreen(false);
        scope.addProtocolMapper(ApprovalMapper.model());
    }

    private ClientScopeModel addScope() {
        ClientScopeModel scope = realm.addClientScope(DecideScope.NAME);
        scope.setDescription("Approve and deny in the user's name");
        scope.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        scope.setIncludeInTokenScope(true);
        scope.setDisplayOnConsentScreen(true);
        scope.setConsentScreenText("Approve and deny what others ask for, in your name");
        return scope;
    }

    private Optional<ClientScopeModel> scope() {
        return Optional.ofNullable(KeycloakModelUtils.getClientScopeByName(realm, DecideScope.NAME));
    }

    private static boolean addsAudience(ClientScopeModel scope) {
        return scope.getProtocolMappersStream()
                .filter(mapper -> AudienceProtocolMapper.PROVIDER_ID.equals(mapper.getProtocolMapper()))
                .anyMatch(mapper -> ReviewClient.CLIENT_ID.equals(
                        mapper.getConfig().get(AudienceProtocolMapper.INCLUDED_CLIENT_AUDIENCE)));
    }

    private Optional<ClientModel> client() {
        return Optional.ofNullable(realm.getClientByClientId(ReviewClient.CLIENT_ID));
    }

    /** The role that makes somebody an admin of the whole realm: over REST nothing can be added to it. */
    private Optional<RoleModel> admins() {
        if (RealmManager.isAdministrationRealm(realm)) {
            return Optional.ofNullable(realm.getRole(AdminRoles.ADMIN));
        }
        return Optional.ofNullable(realm.getClientByClientId(Constants.REALM_MANAGEMENT_CLIENT_ID))
                .map(management -> management.getRole(AdminRoles.REALM_ADMIN));
    }

    private static String description(Role role) {
        return switch (role) {
            case AUDITOR -> "Reads requests, history, decision log and outbox; takes approvals back";
            case POLICY_EDITOR -> "Writes and validates policies";
            case POLICY_ACTIVATOR -> "Activates policies and rolls them back";
        };
    }
}
