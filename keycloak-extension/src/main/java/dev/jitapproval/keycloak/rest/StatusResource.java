package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.flow.BrowserCookie;
import dev.jitapproval.keycloak.flow.TabMemory;
import dev.jitapproval.keycloak.live.Waiters;
import dev.jitapproval.keycloak.live.Waking;
import dev.jitapproval.keycloak.page.PageState;
import dev.jitapproval.keycloak.page.Status;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.Urls;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Tells a waiting page how its request stands, and keeps the tab's authentication session alive while somebody waits. It changes nothing
 * else, and tells nothing to a browser that the request does not belong to: to that one, there is no such request.
 */
public final class StatusResource {

    static final String PATH = "status";

    private static final String NEWS = "news";

    /** In seconds. */
    private static final int LONGEST_WAIT = 20;

    private static final String REQUEST_PARAM = "request";
    private static final String VERSION_PARAM = "version";

    private final KeycloakSession session;
    private final RealmModel realm;

    StatusResource(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    /** The address at which the page of this tab asks about a request. */
    public static URI url(KeycloakSession session, AuthenticationSessionModel authSession, String requestId) {
        return base(session, authSession, requestId)
                .queryParam(Constants.CLIENT_ID, authSession.getClient().getClientId())
                .queryParam(Constants.TAB_ID, authSession.getTabId())
                .build();
    }

    /** The address at which a page waits for news of a request; it adds the version that it has seen. */
    public static URI newsUrl(KeycloakSession session, AuthenticationSessionModel authSession, String requestId) {
        return base(session, authSession, requestId).path(NEWS).build();
    }

    private static UriBuilder base(KeycloakSession session, AuthenticationSessionModel authSession, String requestId) {
        return Urls.realmBase(session.getContext().getUri().getBaseUri())
                .path(authSession.getRealm().getName())
                .path(ApprovalResourceFactory.ID)
                .path(PATH)
                .queryParam(REQUEST_PARAM, requestId);
    }

    /**
     * What a page hears that has waited.
     *
     * @param news whether something has happened, or may have; the page asks again in any case
     */
    public record News(boolean news) {}

    /**
     * The status of a request of this browser.
     *
     * @return 404 for every request that is not this browser's
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @QueryParam(REQUEST_PARAM) String requestId,
            @QueryParam(Constants.CLIENT_ID) String clientId,
            @QueryParam(Constants.TAB_ID) String tabId) {
        Optional<ApprovalRequest> request = ownRequest(requestId);
        if (request.isEmpty()) {
            return answer(Response.status(Response.Status.NOT_FOUND));
        }
        return answer(Response.ok(status(request.get(), tab(clientId, tabId))));
    }

    /**
     * Waits until something happens to a request of this browser, or for at most {@value #LONGEST_WAIT} seconds: the page then asks
     * {@link #get} again. Keycloak closes its session, with transaction and connection, as soon as this returns; what is left is
     * an entry among the {@link Waking waiters}.
     *
     * @param version what the page has seen
     * @return {@link News}; 404 for every request that is not this browser's; 503 where too many wait already
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path(NEWS)
    public CompletionStage<Response> news(@QueryParam(REQUEST_PARAM) String requestId, @QueryParam(VERSION_PARAM) long version) {
        if (ownRequest(requestId).isEmpty()) {
            return CompletableFuture.completedFuture(answer(Response.status(Response.Status.NOT_FOUND)));
        }
        Optional<CompletableFuture<Waiters.Heard>> waiter = Waking.await(requestId, longestWait());
        if (waiter.isEmpty()) {
            return CompletableFuture.completedFuture(answer(Response.status(Response.Status.SERVICE_UNAVAILABLE)));
        }
        // Read again now that nothing can be missed any more: what happened before has woken nobody. And nothing that a page waits for
        // happens to a request that is decided.
        if (ownRequest(requestId)
                .filter(request -> request.seq() == version && request.status() == RequestStatus.PENDING)
                .isEmpty()) {
            waiter.get().complete(Waiters.Heard.NEWS);
        }
        return waiter.get().thenApply(heard -> answer(Response.ok(new News(heard == Waiters.Heard.NEWS))));
    }

    /** Shorter where the realm's logins do not live as long as this: each poll keeps them alive. */
    private Duration longestWait() {
        int lifespan = Math.min(realm.getAccessCodeLifespanUserAction(), realm.getAccessCodeLifespanLogin());
        return Duration.ofSeconds(Math.max(1, Math.min(LONGEST_WAIT, lifespan / 3)));
    }

    private Optional<ApprovalRequest> ownRequest(String requestId) {
        return BrowserCookie.read(session)
                .filter(secret -> requestId != null)
                .flatMap(secret -> JitApprovalProvider.of(session)
                        .approvals()
                        .find(realm.getId(), requestId)
                        .filter(request -> secret.matches(request.key().browserHash())));
    }

    private Status status(ApprovalRequest request, Optional<AuthenticationSessionModel> tab) {
        if (request.status().isLive() && tab.isEmpty()) {
            return Status.of(PageState.SESSION_LOST);
        }
        PageState state = PageState.of(request.status());
        if (state != PageState.WAITING) {
            return Status.of(state);
        }
        AuthenticationSessionModel authSession = tab.get();
        Instant now = KeycloakClock.now();
        if (new TabMemory(authSession, request.key().action()).waitedFor(JitApprovalProvider.of(session).config().holdMax(), now)) {
            return Status.of(PageState.HOLD_MAX);
        }
        authSession.getParentSession().setTimestamp((int) now.getEpochSecond());
        return Status.waiting(request, session.getProvider(LoginFormsProvider.class)::getMessage);
    }

    private Optional<AuthenticationSessionModel> tab(String clientId, String tabId) {
        ClientModel client = clientId == null ? null : realm.getClientByClientId(clientId);
        return client == null || tabId == null
                ? Optional.empty()
                : Optional.ofNullable(new AuthenticationSessionManager(session).getCurrentAuthenticationSession(realm, client, tabId));
    }

    private static Response answer(Response.ResponseBuilder response) {
        return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
