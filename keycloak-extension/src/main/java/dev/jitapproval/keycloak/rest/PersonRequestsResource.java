package dev.jitapproval.keycloak.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.Rejections;
import dev.jitapproval.keycloak.api.Tags;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.review.Reports;
import dev.jitapproval.keycloak.review.ReviewLinks;
import dev.jitapproval.keycloak.review.Standing;
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
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.Urls;

/**
 * {@code /realms/{realm}/jit-approval/requests}: reading, and deciding through the one door, for systems in which people decide
 * elsewhere than on the review page. Who decides is the token's owner; nothing in a body says otherwise.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class PersonRequestsResource {

    static final String PATH = "requests";

    private final KeycloakSession session;
    private final PersonAccess access;

    PersonRequestsResource(KeycloakSession session, PersonAccess access) {
        this.session = session;
        this.access = access;
    }

    /** The address at which the requester, or an approver, reads a request with an access token of their own. */
    public static URI url(KeycloakSession session, RealmModel realm, String requestId) {
        return Urls.realmBase(session.getContext().getUri().getBaseUri())
                .path(realm.getName())
                .path(ApprovalResourceFactory.ID)
                .path(PATH)
                .path(requestId)
                .build();
    }

    /**
     * What was on the voter's screen.
     *
     * @param digest of the facts
     * @param stage the current stage's id
     */
    public record Shown(
            @JsonProperty(required = true) String digest, @JsonProperty(required = true) String stage) {}

    /**
     * A vote or a comment.
     *
     * @param shown what was on the screen; anything else than what is pinned and current is a conflict
     * @param comment what the voter wrote, or null
     * @param matchCode the code that the requester's page shows, or null
     */
    public record Vote(@JsonProperty(required = true) Shown shown, String comment, String matchCode) {}

    /** A request of the caller's own, or one that they may decide or have decided; for everybody else there is none. */
    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id, @Context Request request) {
        Queries.only(session.getContext().getUri());
        return Tags.answer(request, view(find(id)));
    }

    /** The caller agrees. */
    @POST
    @Path("{id}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response approve(@PathParam("id") String id, @Context Request request, InputStream body) {
        return vote(id, request, body, vote -> Command.approve(shown(vote), vote.comment()));
    }

    /** The caller refuses. */
    @POST
    @Path("{id}/deny")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response deny(@PathParam("id") String id, @Context Request request, InputStream body) {
        return vote(id, request, body, vote -> Command.deny(shown(vote), Reports.withoutMark(vote.comment())));
    }

    /** The caller says something without deciding. */
    @POST
    @Path("{id}/comment")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response comment(@PathParam("id") String id, @Context Request request, InputStream body) {
        return vote(id, request, body, vote -> {
            if (vote.comment() == null || vote.comment().isBlank()) {
                throw Problem.of(ProblemType.COMMENT_REQUIRED, "There is no comment.");
            }
            return Command.comment(shown(vote), vote.comment());
        });
    }

    /** The requester gives up. */
    @POST
    @Path("{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response cancel(@PathParam("id") String id, @Context Request request, InputStream sent) {
        Queries.only(session.getContext().getUri());
        new DeciderToken(access).requireDecider();
        Body body = Body.of(sent, Body.SMALL);
        body.requireNothing();
        return idempotency().once(body, () -> execute(find(id), request, Command.cancel()));
    }

    private Response vote(String id, Request request, InputStream sent, Function<Vote, Command> command) {
        Queries.only(session.getContext().getUri());
        DeciderToken token = new DeciderToken(access);
        token.requireVoter();
        Body body = Body.of(sent, Body.SMALL);
        Vote vote = body.as(Vote.class);
        Command wanted = command.apply(vote).withMatchCode(vote.matchCode());
        return idempotency().once(body, () -> {
            ApprovalRequest found = find(id);
            boolean reached = found.currentStage().map(token::reached).orElse(false);
            return execute(found, request, wanted.withAcrReached(reached));
        });
    }

    private Answer execute(ApprovalRequest found, Request request, Command command) {
        Tags.requireMatch(request, view(found));
        ApprovalRequest after = Rejections.orProblem(
                () -> approvals().execute(access.realm().getId(), found.id(), command, access.actor()),
                problem -> challenge(problem, found));
        return Answer.ok(view(after)).tagged();
    }

    /** Tells the application which level to ask for, where the stage names one that can stand in a header. */
    private static Problem challenge(Problem problem, ApprovalRequest request) {
        return request.currentStage()
                .flatMap(stage -> stage.require().acr())
                .filter(acr -> problem.type() == ProblemType.ACR_REQUIRED && acr.matches("[!#-\\[\\]-~]+"))
                .map(acr -> problem.challenge("error=\"insufficient_user_authentication\", acr_values=\"" + acr + "\""))
                .orElse(problem);
    }

    private static Command.Shown shown(Vote vote) {
        if (vote.shown() == null || vote.shown().digest() == null || vote.shown().stage() == null) {
            throw Problem.of(ProblemType.INVALID_BODY, "A vote says in `shown` which `digest` and `stage` were on the screen.")
                    .with("pointer", "/shown");
        }
        return new Command.Shown(vote.shown().digest(), vote.shown().stage());
    }

    private PersonView view(ApprovalRequest request) {
        return isOwn(request)
                ? PersonView.forRequester(request)
                : PersonView.forApprover(request, new Standing(session, access.realm(), access.user()).mayDecide(request));
    }

    private ApprovalRequest find(String id) {
        return Optional.of(id)
                .filter(ReviewLinks::isRequestId)
                .flatMap(known -> approvals().find(access.realm().getId(), known))
                .filter(request -> isOwn(request) || new Standing(session, access.realm(), access.user()).maySee(request))
                .orElseThrow(() -> Problem.notFound("request"));
    }

    private boolean isOwn(ApprovalRequest request) {
        return request.requester().id().equals(access.user().getId());
    }

    private Idempotency idempotency() {
        return Idempotency.of(session, access.realm().getId(), access.user().getId());
    }

    private ApprovalService approvals() {
        return JitApprovalProvider.of(session).approvals();
    }
}
