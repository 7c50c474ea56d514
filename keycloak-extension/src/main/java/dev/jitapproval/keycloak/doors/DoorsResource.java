package dev.jitapproval.keycloak.doors;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.api.Tags;
import dev.jitapproval.keycloak.policy.Policy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.models.KeycloakSession;

/** {@code …/jit-approval/doors}: the door audit. */
@Produces(MediaType.APPLICATION_JSON)
public final class DoorsResource {

    private final KeycloakSession session;
    private final AdminAccess access;

    public DoorsResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
    }

    /**
     * What the audit found.
     *
     * @param realm the realm's name
     * @param policyHash of the policy whose rules count, or null where none decides
     */
    record Audit(String realm, String policyHash, List<OpenDoor> open) {}

    /** The doors of the realm that stand open, the worst first. */
    @GET
    public Response doors(@Context Request request) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        String policy = JitApprovalProvider.of(session).policies().active(access.realm()).map(Policy::hash).orElse(null);
        return Tags.answer(request, new Audit(access.realm().getName(), policy, DoorAudit.of(session, access.realm())));
    }
}
