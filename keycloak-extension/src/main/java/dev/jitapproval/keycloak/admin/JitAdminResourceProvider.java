package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.adminapi.GrantWatch;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.Housekeeping;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.provider.Provider;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** Serves {@link JitAdminResource}. It keeps no state, so that one object is factory and provider. */
public final class JitAdminResourceProvider implements AdminRealmResourceProviderFactory, AdminRealmResourceProvider {

    @Override
    public String getId() {
        return "jit-approval";
    }

    @Override
    public AdminRealmResourceProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public Object getResource(
            KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        return new JitAdminResource(session, new AdminAccess(session, realm, auth, adminEvent));
    }

    /** What is told at start-up counts the policies' rules, so they are followed by then. */
    @Override
    public Set<Class<? extends Provider>> dependsOn() {
        return Set.of(JitApprovalProvider.class);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        Housekeeping.start(factory);
        factory.register(event -> {
            // An import brings the client along; roles of realm-management and single client scopes cannot be imported beside it.
            if (event instanceof RealmModel.RealmPostCreateEvent created) {
                ReadyAccess access = new ReadyAccess(created.getCreatedRealm());
                if (access.hasClient()) {
                    access.ensure();
                }
            }
        });
        factory.register(new UnguardedRealms());
        factory.register(new GrantWatch());
    }

    @Override
    public void close() {}
}
