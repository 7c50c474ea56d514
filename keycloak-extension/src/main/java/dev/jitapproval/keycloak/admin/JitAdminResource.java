package dev.jitapproval.keycloak.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Json;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.audit.AuditResource;
import dev.jitapproval.keycloak.decisionlog.DecisionsResource;
import dev.jitapproval.keycloak.doors.DoorsResource;
import dev.jitapproval.keycloak.outbox.OutboxResource;
import dev.jitapproval.keycloak.policy.PoliciesResource;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * {@code /admin/realms/{realm}/jit-approval/}. Keycloak checks that the caller is an admin; each call checks for what. Each concern has a
 * resource class of its own, mounted here by a method such as
 *
 * <pre>{@code
 * @Path("policies")
 * public PoliciesResource policies() {
 *     return new PoliciesResource(session, access);
 * }
 * }</pre>
 */
@Produces(MediaType.APPLICATION_JSON)
public final class JitAdminResource {

    private static final String RESOURCE_TYPE = "JIT_REALM";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminAccess access;

    JitAdminResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.realm = access.realm();
        this.access = access;
    }

    /**
     * The body of {@link #provision}. What is left out is not wanted.
     *
     * @param bindBrowserFlow bind the realm's browser flow to the one with the checkpoint
     * @param requiredAction guard every login by the required action {@code jit-gate}
     * @param stepUp have the flow with the checkpoint ask for a one-time code where the policy demands a stronger factor
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProvisionRequest(Boolean bindBrowserFlow, Boolean requiredAction, Boolean stepUp) {

        boolean binds() {
            return Boolean.TRUE.equals(bindBrowserFlow);
        }

        boolean requires() {
            return Boolean.TRUE.equals(requiredAction);
        }

        boolean stepsUp() {
            return Boolean.TRUE.equals(stepUp);
        }
    }

    /** What the realm lacks, and which policy decides. Needs {@code view-realm}. */
    @GET
    @Path("status")
    public Response status() {
        access.permissions().realm().requireViewRealm();
        Queries.only(session.getContext().getUri());
        return Json.ok(new RealmReadiness(session, realm).status());
    }

    /** Makes the realm ready; a second call changes nothing. Needs {@code manage-realm} and {@code manage-clients}. */
    @POST
    @Path("provision")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response provision(InputStream sent) {
        access.requireRealmManager();
        access.permissions().clients().requireManage();
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        ProvisionRequest request = body.asOptional(ProvisionRequest.class);
        return Idempotency.of(session, access).once(body, () -> Answer.ok(provision(request)));
    }

    /** Proof, erasure. */
    @Path("audit")
    public AuditResource audit() {
        return new AuditResource(session, access);
    }

    /** The history of the realm's policy. */
    @Path("policies")
    public PoliciesResource policies() {
        return new PoliciesResource(session, access);
    }

    /** Which doors of the realm stand open. */
    @Path("doors")
    public DoorsResource doors() {
        return new DoorsResource(session, access);
    }

    /** The decision log. */
    @Path("decisions")
    public DecisionsResource decisions() {
        return new DecisionsResource(session, access);
    }

    /** What waits to be delivered, and what could not be. */
    @Path("outbox")
    public OutboxResource outbox() {
        return new OutboxResource(session, access);
    }

    /** Approval requests. */
    @Path("requests")
    public RequestsResource requests() {
        return new RequestsResource(session, access);
    }

    /** Approvals that stay good for a while. */
    @Path("grants")
    public GrantsResource grants() {
        return new GrantsResource(session, access);
    }

    private Readiness provision(ProvisionRequest request) {
        RealmReadiness readiness = new RealmReadiness(session, realm);
        if ((request.binds() || request.requires()) && !readiness.hasPolicy()) {
            throw Problem.of(ProblemType.CONFLICT, "No policy is active for the realm " + realm.getName()
                    + ", so the checkpoint would refuse every sign-in. Put a valid policy in place first; GET status says what is"
                    + " wrong with it.");
        }
        readiness.provision(request.binds(), request.requires(), request.stepsUp());
        Readiness status = readiness.status();
        access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "provision").representation(request).success();
        return status;
    }
}
