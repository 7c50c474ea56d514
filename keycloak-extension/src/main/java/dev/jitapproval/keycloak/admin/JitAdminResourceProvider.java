package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.Housekeeping;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
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
    }

    @Override
    public void close() {}
}
