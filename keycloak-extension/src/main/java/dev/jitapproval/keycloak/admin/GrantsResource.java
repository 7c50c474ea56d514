package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.GrantViews;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Json;
import dev.jitapproval.keycloak.api.Page;
import dev.jitapproval.keycloak.api.Paging;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.Rejections;
import dev.jitapproval.keycloak.api.Tags;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.review.ReviewLinks;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** {@code /admin/realms/{realm}/jit-approval/grants}: approvals that stay good for a while. Auditors read them and take them back. */
@Produces(MediaType.APPLICATION_JSON)
public final class GrantsResource {

    private static final String RESOURCE_TYPE = "JIT_GRANT";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminAccess access;

    GrantsResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.realm = access.realm();
        this.access = access;
    }

    /** Grants of the realm, the latest first. */
    @GET
    public Response list(
            @QueryParam("user") String user,
            @QueryParam("client") String client,
            @QueryParam("rule") String rule,
            @QueryParam("live") String live,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "user", "client", "rule", "live", "limit", "cursor");
        Paging paging = Paging.of("grants", 2, limit, cursor);
        Boolean good = Optional.ofNullable(Queries.oneOf("live", live, List.of("true", "false"))).map(Boolean::valueOf).orElse(null);
        Instant now = KeycloakClock.now();
        GrantQuery query = new GrantQuery(userId(user), clientId(client), rule, null, good, now, GrantViews.position(paging));
        List<Grant> rows = Grants.of(session).list(realm.getId(), query, paging.fetch());
        return Json.ok(Page.of(paging, rows, GrantViews::key, grant -> GrantViews.of(grant, now)));
    }

    /** One grant. */
    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id, @Context Request request) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        return Tags.answer(request, GrantViews.of(find(id), KeycloakClock.now()));
    }

    /** Takes a grant back, and ends the sessions that rest on it. */
    @POST
    @Path("{id}/revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response revoke(@PathParam("id") String id, @Context Request request, InputStream sent) {
        access.requireRealmManagerOr(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        RequestsResource.Reason reason = body.asOptional(RequestsResource.Reason.class);
        return Idempotency.of(session, access).once(body, () -> {
            Grant before = find(id);
            Tags.requireMatch(request, GrantViews.of(before, KeycloakClock.now()));
            Rejections.orProblem(() -> JitApprovalProvider.of(session).approvals()
                    .execute(realm.getId(), before.id(), Command.revoke(reason.comment()), access.actor()));
            access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "grants", before.id(), "revoke")
                    .representation(reason).success();
            return Answer.ok(GrantViews.of(find(id), KeycloakClock.now())).tagged();
        });
    }

    private Grant find(String id) {
        return Optional.of(id)
                .filter(ReviewLinks::isRequestId)
                .flatMap(known -> Grants.of(session).find(realm.getId(), known))
                .orElseThrow(() -> Problem.notFound("grant"));
    }

    /** A user name, or the id of a user who may be gone. */
    private String userId(String user) {
        UserModel named = user == null ? null : session.users().getUserByUsername(realm, user);
        return named == null ? user : named.getId();
    }

    /** A {@code client_id}, or the internal id of a client that may be gone. */
    private String clientId(String client) {
        ClientModel named = client == null ? null : realm.getClientByClientId(client);
        return named == null ? client : named.getId();
    }
}
