package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.GrantViews;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.Rejections;
import dev.jitapproval.keycloak.api.Tags;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.review.ReviewLinks;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** {@code /realms/{realm}/jit-approval/grants}: a grant, for who has it and who gave it; the latter take it back. */
@Produces(MediaType.APPLICATION_JSON)
public final class PersonGrantsResource {

    private final KeycloakSession session;
    private final PersonAccess access;

    PersonGrantsResource(KeycloakSession session, PersonAccess access) {
        this.session = session;
        this.access = access;
    }

    /**
     * The body of a revocation.
     *
     * @param comment why, for the history
     */
    public record Reason(String comment) {}

    /** A grant that the caller has or gave; for everybody else there is none. */
    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id, @Context Request request) {
        Queries.only(session.getContext().getUri());
        return Tags.answer(request, GrantViews.of(find(id), KeycloakClock.now()));
    }

    /** Takes a grant back that the caller gave, and ends the sessions that rest on it. */
    @POST
    @Path("{id}/revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response revoke(@PathParam("id") String id, @Context Request request, InputStream sent) {
        Queries.only(session.getContext().getUri());
        new DeciderToken(access).requireDecider();
        Body body = Body.of(sent, Body.SMALL);
        Reason reason = body.asOptional(Reason.class);
        return Idempotency.of(session, access.realm().getId(), access.user().getId()).once(body, () -> {
            Grant before = find(id);
            Tags.requireMatch(request, GrantViews.of(before, KeycloakClock.now()));
            Rejections.orProblem(() -> JitApprovalProvider.of(session).approvals()
                    .execute(access.realm().getId(), before.id(), Command.revoke(reason.comment()), access.actor()));
            return Answer.ok(GrantViews.of(find(id), KeycloakClock.now())).tagged();
        });
    }

    private Grant find(String id) {
        return Optional.of(id)
                .filter(ReviewLinks::isRequestId)
                .flatMap(known -> Grants.of(session).find(access.realm().getId(), known))
                .filter(grant -> isOwn(grant) || gave(grant))
                .orElseThrow(() -> Problem.notFound("grant"));
    }

    private boolean isOwn(Grant grant) {
        return grant.request().requester().id().equals(access.user().getId());
    }

    private boolean gave(Grant grant) {
        String user = access.user().getId();
        return JitApprovalProvider.of(session).approvals().history(grant.id()).stream()
                .filter(event -> "approved".equals(event.kind()))
                .anyMatch(event -> event.actor() != null && user.equals(event.actor().id()));
    }
}
