package dev.jitapproval.keycloak.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.ErrorResponse;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** {@code /admin/realms/{realm}/jit-approval/}. Keycloak checks that the caller is an admin; each call checks for what. */
@Produces(MediaType.APPLICATION_JSON)
public final class JitAdminResource {

    private static final String RESOURCE_TYPE = "JIT_REALM";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminPermissionEvaluator auth;
    private final AdminEventBuilder adminEvent;

    JitAdminResource(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.auth = auth;
        this.adminEvent = adminEvent;
    }

    /**
     * The body of {@link #provision}.
     *
     * @param bindBrowserFlow bind the realm's browser flow to the one with the checkpoint
     */
    public record ProvisionRequest(@JsonProperty("bind_browser_flow") boolean bindBrowserFlow) {}

    /** What the realm lacks, and which policy decides. Needs {@code view-realm}. */
    @GET
    @Path("status")
    public Response status() {
        auth.realm().requireViewRealm();
        return Response.ok(new RealmReadiness(session, realm).status()).build();
    }

    /** Makes the realm ready; a second call changes nothing. Needs {@code manage-realm} and {@code manage-clients}. */
    @POST
    @Path("provision")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response provision(ProvisionRequest request) {
        auth.realm().requireManageRealm();
        auth.clients().requireManage();
        boolean bind = request != null && request.bindBrowserFlow();
        RealmReadiness readiness = new RealmReadiness(session, realm);
        if (bind && !readiness.hasPolicy()) {
            return ErrorResponse.error(
                    "No policy is active for the realm " + realm.getName() + ", so binding the flow would refuse every sign-in. "
                            + "Put a valid policy file in place first; GET status says what is wrong with it.",
                    Response.Status.CONFLICT).getResponse();
        }
        readiness.provision(bind);
        Readiness status = readiness.status();
        adminEvent.operation(OperationType.ACTION).resource(RESOURCE_TYPE)
                .resourcePath(session.getContext().getUri()).representation(request).success();
        return Response.ok(status).build();
    }
}
