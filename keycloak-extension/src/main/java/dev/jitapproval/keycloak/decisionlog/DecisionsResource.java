package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.api.Lines;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore.Filter;
import dev.jitapproval.keycloak.engine.Effect;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.keycloak.models.KeycloakSession;

/** {@code …/jit-approval/decisions/}: the decision log. See docs/decision-log.md. */
public final class DecisionsResource {

    private static final List<String> EFFECTS =
            Arrays.stream(Effect.values()).map(effect -> effect.name().toLowerCase(Locale.ROOT)).toList();

    private final KeycloakSession session;
    private final AdminAccess access;

    public DecisionsResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
    }

    /** Kept decisions as NDJSON, the oldest first. Needs the role {@code auditor}. */
    @GET
    @Path("export")
    @Produces(Lines.MEDIA_TYPE)
    public Response export(
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("effect") String effect,
            @QueryParam("policy") String policy) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "from", "to", "effect", "policy");
        Filter filter = new Filter(
                access.realm().getId(),
                Queries.instant("from", from),
                Queries.instant("to", to),
                Queries.oneOf("effect", effect, EFFECTS),
                policy);
        String realmName = access.realm().getName();
        DecisionExport export = new DecisionExport(new DatabaseTransactions(session.getKeycloakSessionFactory()));
        return Lines.of(session, "jit-decisions.ndjson", out -> export.write(filter, realmName, out));
    }
}
