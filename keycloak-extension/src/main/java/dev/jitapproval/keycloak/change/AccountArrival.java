package dev.jitapproval.keycloak.change;

import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;

/**
 * Lets somebody arrive in the account console at the end of a change that was begun by the address of {@link Elsewhere}. The console knows
 * nothing of that sign-in, and begins one of its own with the address that it was opened under as the {@code redirect_uri}; Keycloak 26.7
 * refuses one that has parameters of an answer in it, and shows an error page to somebody whose change was made.
 */
@Provider
public final class AccountArrival implements ContainerRequestFilter {

    private static final Pattern CONSOLE = Pattern.compile("/?realms/([^/]+)/account/?");

    /** A proxy of the session of the request at hand. */
    @Inject
    KeycloakSession session;

    @Override
    public void filter(ContainerRequestContext request) {
        arriving(request.getMethod(), request.getUriInfo().getPath(true), request.getUriInfo().getQueryParameters())
                .map(realm -> Elsewhere.end(session.getContext().getUri().getBaseUri(), realm))
                .map(console -> Response.seeOther(console).build())
                .ifPresent(request::abortWith);
    }

    /**
     * Whether somebody arrives like that. The console's own sign-ins, and those for its actions, carry a {@code state}.
     *
     * @return the name of the realm
     */
    static Optional<String> arriving(String method, String path, MultivaluedMap<String, String> query) {
        Matcher console = CONSOLE.matcher(path);
        boolean ends = HttpMethod.GET.equals(method)
                && query.containsKey(Constants.KC_ACTION_STATUS)
                && !query.containsKey(OAuth2Constants.STATE);
        return ends && console.matches() ? Optional.of(console.group(1)) : Optional.empty();
    }
}
