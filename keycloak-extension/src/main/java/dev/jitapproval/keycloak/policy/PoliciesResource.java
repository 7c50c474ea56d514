package dev.jitapproval.keycloak.policy;

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
import dev.jitapproval.keycloak.api.Tags;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** {@code …/jit-approval/policies}: the history of a realm's policy, and the way to add to it. */
@Produces(MediaType.APPLICATION_JSON)
public final class PoliciesResource {

    private static final String YAML = "application/yaml";
    private static final String NUMBER = "{version: [0-9]{1,18}}";
    private static final Role[] READERS = {Role.AUDITOR, Role.POLICY_EDITOR, Role.POLICY_ACTIVATOR};

    private final KeycloakSession session;
    private final AdminAccess access;
    private final String realmId;
    private final PolicyVersions versions;
    private final PolicyRecords records;

    public PoliciesResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
        this.realmId = access.realm().getId();
        this.versions = JitApprovalProvider.of(session).policyVersions();
        this.records = new PolicyRecords(access);
    }

    /** The versions, newest first. */
    @GET
    public Response list(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        access.require(READERS);
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("policies", 1, limit, cursor);
        List<PolicyVersion> rows = versions.versions(realmId, below(paging), paging.fetch());
        long active = activeNumber();
        return Json.ok(Page.of(
                paging, rows, row -> List.of(row.number()), row -> PolicyViews.Version.of(row, active, null)));
    }

    /** One version with its source; the source alone for {@code Accept: application/yaml}. */
    @GET
    @Path(NUMBER)
    @Produces({MediaType.APPLICATION_JSON, YAML})
    public Response version(@PathParam("version") long number, @Context Request request) {
        access.require(READERS);
        Queries.only(session.getContext().getUri());
        PolicyVersion version = versions.version(realmId, number).orElseThrow(() -> Problem.notFound("policy version"));
        String source = versions.source(version);
        return wantsYaml() ? yaml(request, source) : Tags.answer(request, PolicyViews.Version.of(version, activeNumber(), source));
    }

    /** What decides. Where files are the source: the one that this node has taken over. */
    @GET
    @Path("active")
    @Produces({MediaType.APPLICATION_JSON, YAML})
    public Response active(@Context Request request) {
        access.require(READERS);
        Queries.only(session.getContext().getUri());
        PolicyStatus here = JitApprovalProvider.of(session).policies().status(access.realm());
        if (here.source() == PolicyStatus.Source.DIRECTORY) {
            Policy policy = here.active().orElseThrow(PoliciesResource::noneActive);
            return wantsYaml()
                    ? yaml(request, policy.source())
                    : Tags.answer(request, PolicyViews.Active.of(policy, here.file().orElse(null)));
        }
        ActivePolicy active = versions.active(realmId).orElseThrow(PoliciesResource::noneActive);
        return wantsYaml()
                ? yaml(request, versions.source(active.version()))
                : Tags.answer(request, PolicyViews.Active.of(active));
    }

    /** The switches, the latest first. */
    @GET
    @Path("activations")
    public Response activations(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        access.require(READERS);
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("activations", 1, limit, cursor);
        List<Activation> rows = versions.activations(realmId, below(paging), paging.fetch());
        return Json.ok(Page.of(paging, rows, row -> List.of(row.seq()), PolicyViews.Switch::of));
    }

    /** Stores a version, which decides nothing yet. */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, YAML})
    public Response put(InputStream sent, @QueryParam("comment") String comment) {
        access.require(Role.POLICY_EDITOR);
        Body body = Body.of(sent, PolicyBody.MAX_BODY);
        PolicyBody policy = policy(body, comment);
        return Idempotency.of(session, access).once(body, () -> put(policy));
    }

    /** Checks a policy and stores nothing. */
    @POST
    @Path("validate")
    @Consumes({MediaType.APPLICATION_JSON, YAML})
    public Response validate(InputStream sent, @QueryParam("comment") String comment) {
        access.require(Role.POLICY_EDITOR);
        PolicyBody policy = policy(Body.of(sent, PolicyBody.MAX_BODY), comment);
        return Json.ok(PolicyViews.Checked.of(PolicyProblems.translate(() -> versions.validate(policy.source()))));
    }

    /** Makes a version the active one. */
    @POST
    @Path(NUMBER + "/activate")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response activate(@PathParam("version") long number, InputStream sent, @Context Request request) {
        access.require(Role.POLICY_ACTIVATOR);
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        String comment = PolicyBody.remark(body.asOptional(PolicyBody.Remark.class).comment());
        return Idempotency.of(session, access).once(body, () -> {
            Optional<ActivePolicy> judged = judge(request, versions.version(realmId, number));
            return switched(PolicyProblems.translate(
                    () -> versions.activate(realmId, number, author(), comment, active -> requireSame(request, judged, active))));
        });
    }

    /** Goes back to the version that was active before. */
    @POST
    @Path("rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response rollback(InputStream sent, @Context Request request) {
        access.require(Role.POLICY_ACTIVATOR);
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        String comment = PolicyBody.remark(body.asOptional(PolicyBody.Remark.class).comment());
        return Idempotency.of(session, access).once(body, () -> {
            Optional<ActivePolicy> judged = judge(request, versions.rollbackTarget(realmId));
            return switched(PolicyProblems.translate(
                    () -> versions.rollback(realmId, author(), comment, active -> requireSame(request, judged, active))));
        });
    }

    /** Asks the active policy, if there is one and something to switch to. @return what is active */
    private Optional<ActivePolicy> judge(Request request, Optional<PolicyVersion> wanted) {
        Optional<ActivePolicy> active = versions.active(realmId);
        requireMatch(request, active);
        if (active.isPresent() && wanted.isPresent()) {
            new ActivationDoor(session, access).pass(active.get(), wanted.get());
        }
        return active;
    }

    private void requireSame(Request request, Optional<ActivePolicy> judged, Optional<ActivePolicy> active) {
        requireMatch(request, active);
        ActivationDoor.requireSame(judged, active);
    }

    private PolicyBody policy(Body body, String comment) {
        if (isYaml(headers().getMediaType())) {
            Queries.only(session.getContext().getUri(), "comment");
            return PolicyBody.yaml(body, comment);
        }
        Queries.only(session.getContext().getUri());
        return PolicyBody.json(body);
    }

    private Answer put(PolicyBody policy) {
        PolicyVersions.Put put =
                PolicyProblems.translate(() -> versions.put(realmId, policy.source(), author(), policy.comment()));
        PolicyViews.Put view = PolicyViews.Put.of(put);
        if (!put.created()) {
            return Answer.ok(view);
        }
        records.put(put.version());
        return Answer.created(
                session.getContext().getUri().getAbsolutePathBuilder().path(Long.toString(put.version().number())).build(), view);
    }

    private Answer switched(PolicyVersions.Switched done) {
        if (done.changed()) {
            records.switched(done.active());
        }
        return Answer.ok(PolicyViews.Active.of(done.active())).tagged();
    }

    private void requireMatch(Request request, Optional<ActivePolicy> active) {
        if (headers().getHeaderString(HttpHeaders.IF_MATCH) == null) {
            return;
        }
        Tags.requireMatch(request, PolicyViews.Active.of(active.orElseThrow(() -> Problem.of(
                ProblemType.PRECONDITION_FAILED, "No version is active, so none is the one that If-Match names."))));
    }

    private HttpHeaders headers() {
        return session.getContext().getHttpRequest().getHttpHeaders();
    }

    private Author author() {
        return new Author(access.actor().id(), access.actor().username());
    }

    private long activeNumber() {
        return versions.active(realmId).map(active -> active.version().number()).orElse(0L);
    }

    private static long below(Paging paging) {
        return paging.after().isPresent() ? paging.number(0) : Long.MAX_VALUE;
    }

    private boolean wantsYaml() {
        List<MediaType> accepted = headers().getAcceptableMediaTypes();
        return !accepted.isEmpty() && isYaml(accepted.get(0));
    }

    private static boolean isYaml(MediaType type) {
        return type != null && (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT).equals(YAML);
    }

    private static Response yaml(Request request, String source) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(Tags.of(source));
        Response.ResponseBuilder answer = unchanged != null ? unchanged : Response.ok(source, YAML + ";charset=UTF-8");
        return answer.tag(Tags.of(source)).build();
    }

    private static Problem noneActive() {
        return Problem.notFound("active policy");
    }
}
