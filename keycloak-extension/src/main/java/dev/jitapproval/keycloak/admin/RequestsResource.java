package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Json;
import dev.jitapproval.keycloak.api.Page;
import dev.jitapproval.keycloak.api.Paging;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.Rejections;
import dev.jitapproval.keycloak.api.RequestViews;
import dev.jitapproval.keycloak.api.Tags;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.RequestQuery;
import dev.jitapproval.keycloak.decisionlog.Explained;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import dev.jitapproval.keycloak.engine.RequestStatus;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * {@code /admin/realms/{realm}/jit-approval/requests}: auditors read, realm managers end. Nobody approves here: a vote is an
 * approver's, with their own sign-in or token.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class RequestsResource {

    private static final String RESOURCE_TYPE = "JIT_REQUEST";

    /** Why a request expires whose time was not up. */
    private static final String BY_ADMIN = "by_admin";

    private static final List<String> STATUSES =
            Arrays.stream(RequestStatus.values()).map(RequestStatus::wireName).toList();

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminAccess access;

    RequestsResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.realm = access.realm();
        this.access = access;
    }

    /**
     * The body of a command.
     *
     * @param comment why, for the history
     */
    public record Reason(String comment) {}

    /** Requests of the realm, newest first. */
    @GET
    public Response list(
            @QueryParam("status") String status,
            @QueryParam("user") String user,
            @QueryParam("client") String client,
            @QueryParam("policy") String policy,
            @QueryParam("rule") String rule,
            @QueryParam("opened_after") String openedAfter,
            @QueryParam("opened_before") String openedBefore,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(),
                "status", "user", "client", "policy", "rule", "opened_after", "opened_before", "limit", "cursor");
        Paging paging = Paging.of("requests", 2, limit, cursor);
        RequestStatus wanted = Optional.ofNullable(Queries.oneOf("status", status, STATUSES))
                .map(RequestStatus::ofWireName).orElse(null);
        RequestQuery query = new RequestQuery(
                wanted, userId(user), clientId(client), policy, rule,
                Queries.instant("opened_after", openedAfter), Queries.instant("opened_before", openedBefore),
                RequestViews.position(paging));
        List<ApprovalRequest> rows = approvals().list(realm.getId(), query, paging.fetch());
        Page<ApprovalRequest> page = Page.of(paging, rows, RequestViews::key, Function.identity());
        return Json.ok(new Page<>(
                page.items().stream()
                        .filter(request -> wanted == null || request.status() == wanted)
                        .map(RequestViews::item)
                        .toList(),
                page.next()));
    }

    /** One request. */
    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id, @Context Request request) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        return Tags.answer(request, RequestViews.detail(find(id)));
    }

    /** A request's history, oldest first: the events as the engine wrote them. */
    @GET
    @Path("{id}/events")
    public Response events(
            @PathParam("id") String id, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("events", 1, limit, cursor);
        long after = paging.after().map(key -> paging.number(0)).orElse(0L);
        List<ApprovalEvent> rows = approvals().history(find(id).id()).stream()
                .filter(event -> event.seq() > after)
                .limit(paging.fetch())
                .toList();
        return Json.ok(Page.of(paging, rows, event -> List.of(event.seq()), event -> new RequestViews.Raw(event.json())));
    }

    /** Why the policy held the step: what each clause of each rule came to, on which facts. */
    @GET
    @Path("{id}/explanation")
    public Response explanation(@PathParam("id") String id) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        ApprovalRequest request = find(id);
        try {
            return Json.ok(Explained.of(session, JitApprovalProvider.of(session).engine(), realm.getId(), request)
                    .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND,
                            "The decision log does not have the decision of this request any more, or has never had it.")));
        } catch (EngineException | PolicyInvalidException e) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The decision cannot be explained now: " + e.getMessage() + ".");
        }
    }

    /** Ends a request that nobody shall decide or use any more. */
    @POST
    @Path("{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response cancel(@PathParam("id") String id, @Context Request request, InputStream body) {
        access.requireRealmManager();
        return command(id, request, body, "cancel", reason -> Command.cancel().withComment(reason.comment()));
    }

    /** Ends a request as if its time were up. */
    @POST
    @Path("{id}/expire")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response expire(@PathParam("id") String id, @Context Request request, InputStream body) {
        access.requireRealmManager();
        return command(id, request, body, "expire", reason -> Command.expire(BY_ADMIN, reason.comment()));
    }

    /** Takes an approval back that was not used yet. */
    @POST
    @Path("{id}/revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response revoke(@PathParam("id") String id, @Context Request request, InputStream body) {
        access.requireRealmManagerOr(Role.AUDITOR);
        return command(id, request, body, "revoke", reason -> Command.revoke(reason.comment()));
    }

    private Response command(
            String id, Request request, InputStream sent, String action, Function<Reason, Command> command) {
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        Reason reason = body.asOptional(Reason.class);
        return Idempotency.of(session, access).once(body, () -> {
            ApprovalRequest before = find(id);
            Tags.requireMatch(request, RequestViews.detail(before));
            ApprovalRequest after = Rejections.orProblem(
                    () -> approvals().execute(realm.getId(), before.id(), command.apply(reason), access.actor()));
            access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "requests", before.id(), action)
                    .representation(reason).success();
            return Answer.ok(RequestViews.detail(after)).tagged();
        });
    }

    private ApprovalRequest find(String id) {
        return Optional.of(id)
                .filter(ReviewLinks::isRequestId)
                .flatMap(known -> approvals().find(realm.getId(), known))
                .orElseThrow(() -> Problem.notFound("request"));
    }

    /** A user name, or the id of a user who may be gone. */
    private String userId(String user) {
        if (user == null) {
            return null;
        }
        UserModel named = session.users().getUserByUsername(realm, user);
        return named == null ? user : named.getId();
    }

    /** A {@code client_id}, or the internal id of a client that may be gone. */
    private String clientId(String client) {
        if (client == null) {
            return null;
        }
        ClientModel named = realm.getClientByClientId(client);
        return named == null ? client : named.getId();
    }

    private ApprovalService approvals() {
        return JitApprovalProvider.of(session).approvals();
    }
}
