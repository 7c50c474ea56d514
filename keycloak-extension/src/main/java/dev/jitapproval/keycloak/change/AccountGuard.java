package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.change.SelfService.Refused;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.ErrorRepresentation;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;

/**
 * Stands before those calls of the Account REST API, and the old address for linking an identity provider, that change an account by their address
 * alone. Whoever is not signed in is left to Keycloak, which refuses them.
 */
@Provider
public final class AccountGuard implements ContainerRequestFilter {

    /** A proxy of the session of the request at hand. */
    @Inject
    KeycloakSession session;

    @Override
    public void filter(ContainerRequestContext request) {
        AccountCall.of(request.getMethod(), request.getUriInfo().getPath(true))
                .flatMap(this::judge)
                .ifPresent(request::abortWith);
    }

    private Optional<Response> judge(AccountCall call) {
        if (!session.getTransactionManager().isActive()) {
            session.getTransactionManager().begin();
        }
        RealmModel realm = session.realms().getRealmByName(call.realm());
        if (realm == null) {
            return Optional.empty();
        }
        session.getContext().setRealm(realm);
        if (!Guarded.is(session, realm)) {
            return Optional.empty();
        }
        return asker(call, realm).flatMap(user -> planned(call, user)
                .flatMap(planned -> SelfService.of(session, user).judge(planned))
                .map(refused -> answer(call, refused)));
    }

    /**
     * By the token alone: what else Keycloak demands of it, it demands afterwards. A proof of possession is good for one look only, so it must not be
     * looked at here.
     */
    private Optional<UserModel> asker(AccountCall call, RealmModel realm) {
        KeycloakContext context = session.getContext();
        if (call.isRest()) {
            String token = AppAuthManager.extractAuthorizationHeaderToken(context.getHttpRequest().getHttpHeaders());
            AuthResult proven = token == null
                    ? null
                    : AuthenticationManager.verifyIdentityToken(
                            session, realm, context.getUri(), context.getConnection(), true, true, null, false, token,
                            context.getHttpRequest().getHttpHeaders(), verifier -> {});
            return Optional.ofNullable(proven).map(AuthResult::user);
        }
        AuthResult proven = AuthenticationManager.authenticateIdentityCookie(session, realm, true);
        String clientId = context.getUri().getQueryParameters().getFirst(Constants.CLIENT_ID);
        if (proven == null || clientId == null || realm.getClientByClientId(clientId) == null) {
            return Optional.empty();
        }
        context.setClient(realm.getClientByClientId(clientId));
        return Optional.of(proven.user());
    }

    private Optional<Planned> planned(AccountCall call, UserModel user) {
        return switch (call.kind()) {
            case DELETE_CREDENTIAL -> Optional.of(Credentials.deletion(user, call.subject()));
            case UNLINK -> Optional.of(Links.unlink(session, call.subject()));
            case LINK_ADDRESS, LINK -> Links.of(session, call.subject());
        };
    }

    private Response answer(AccountCall call, Refused refused) {
        if (!call.isRest()) {
            return session.getProvider(LoginFormsProvider.class)
                    .setError(refused.message())
                    .createErrorPage(Response.Status.FORBIDDEN);
        }
        ErrorRepresentation error = new ErrorRepresentation();
        error.setErrorMessage(refused.message());
        return Response.status(Response.Status.BAD_REQUEST)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(error)
                .build();
    }
}
