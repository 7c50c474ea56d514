package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.context.ClientSecrets;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.ClientRepresentation;

/**
 * Leaves secrets out of what Keycloak answers about clients, where the realm's policy has a rule on reading one. Keycloak tells them beside
 * everything else, and asking about every look at a client would leave nobody to administer them; a client's own call for its secret is asked about.
 * What is left out of a representation stays as it is when that is sent back.
 */
@Provider
public final class SecretGuard implements ContainerResponseFilter {

    /** A proxy of the session of the request at hand. */
    @Inject
    KeycloakSession session;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Object entity = response.getEntity();
        if (!(entity instanceof ClientRepresentation) && !(entity instanceof Stream) && !(entity instanceof Collection)) {
            return;
        }
        boolean guarded = AdminPath.readings(request.getUriInfo()).stream()
                .anyMatch(path -> path.starts("clients") && isGuarded(path.realm()));
        if (guarded) {
            response.setEntity(without(entity), response.getEntityAnnotations(), response.getMediaType());
        }
    }

    private boolean isGuarded(String realmName) {
        RealmModel realm = session.realms().getRealmByName(realmName);
        return realm != null && JitApprovalProvider.of(session)
                .policies()
                .active(realm)
                .filter(policy -> policy.actions().contains(AdminAct.READ_SECRET))
                .isPresent();
    }

    private static Object without(Object entity) {
        if (entity instanceof Stream<?> several) {
            return several.map(SecretGuard::without);
        }
        if (entity instanceof Collection<?> several) {
            return several.stream().map(SecretGuard::without).toList();
        }
        if (entity instanceof ClientRepresentation client) {
            client.setSecret(null);
            client.setRegistrationAccessToken(null);
            if (client.getAttributes() != null) {
                Map<String, String> told = new HashMap<>(client.getAttributes());
                told.keySet().removeIf(ClientSecrets::isSecret);
                client.setAttributes(told);
            }
        }
        return entity;
    }
}
