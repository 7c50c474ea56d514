package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.GrantViews;
import dev.jitapproval.keycloak.api.Json;
import dev.jitapproval.keycloak.api.Page;
import dev.jitapproval.keycloak.api.Paging;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.RequestViews;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.approval.RequestQuery;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.review.Standing;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** {@code /realms/{realm}/jit-approval/me}: what the owner of the token has asked for, and what they may decide. */
@Produces(MediaType.APPLICATION_JSON)
public final class MeResource {

    /** Pending requests that one call looks through; who may decide is looked up for each. */
    private static final int LOOKED_AT = 500;

    private final KeycloakSession session;
    private final PersonAccess access;

    MeResource(KeycloakSession session, PersonAccess access) {
        this.session = session;
        this.access = access;
    }

    /** The caller's own requests, newest first. */
    @GET
    @Path("requests")
    public Response requests(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("own", 2, limit, cursor);
        RequestQuery query = RequestQuery.ofUser(access.user().getId(), RequestViews.position(paging));
        List<ApprovalRequest> rows = approvals().list(access.realm().getId(), query, paging.fetch());
        return Json.ok(Page.of(paging, rows, RequestViews::key, RequestViews::item));
    }

    /** Pending requests that the caller may decide now, newest first. A page may be short, or empty, and still have a next one. */
    @GET
    @Path("inbox")
    public Response inbox(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("inbox", 2, limit, cursor);
        RequestQuery query = RequestQuery.pending(RequestViews.position(paging));
        List<ApprovalRequest> rows = approvals().list(access.realm().getId(), query, LOOKED_AT + 1);
        Standing standing = new Standing(session, access.realm(), access.user());
        List<ApprovalRequest> decidable = new ArrayList<>();
        ApprovalRequest last = null;
        int looked = 0;
        for (ApprovalRequest request : rows) {
            if (decidable.size() == paging.limit() || looked == LOOKED_AT) {
                break;
            }
            looked++;
            last = request;
            if (request.status() == RequestStatus.PENDING && standing.mayDecide(request)) {
                decidable.add(request);
            }
        }
        String next = looked < rows.size() ? paging.cursorAfter(RequestViews.key(last)) : null;
        return Json.ok(new Page<>(decidable.stream().map(RequestViews::item).toList(), next));
    }

    /** Grants that the caller has, the latest first. */
    @GET
    @Path("grants")
    public Response grants(
            @QueryParam("live") String live, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        return grants("held", access.user().getId(), null, live, limit, cursor);
    }

    /** Grants that the caller gave by approving, the latest first. */
    @GET
    @Path("given")
    public Response given(
            @QueryParam("live") String live, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        return grants("given", null, access.user().getId(), live, limit, cursor);
    }

    private Response grants(String list, String userId, String approverId, String live, String limit, String cursor) {
        Queries.only(session.getContext().getUri(), "live", "limit", "cursor");
        Paging paging = Paging.of(list, 2, limit, cursor);
        Boolean good = Optional.ofNullable(Queries.oneOf("live", live, List.of("true", "false"))).map(Boolean::valueOf).orElse(null);
        Instant now = KeycloakClock.now();
        GrantQuery query = new GrantQuery(userId, null, null, approverId, good, now, GrantViews.position(paging));
        List<Grant> rows = Grants.of(session).list(access.realm().getId(), query, paging.fetch());
        return Json.ok(Page.of(paging, rows, GrantViews::key, grant -> GrantViews.of(grant, now)));
    }

    private ApprovalService approvals() {
        return JitApprovalProvider.of(session).approvals();
    }
}
