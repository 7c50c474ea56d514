package dev.jitapproval.keycloak.outbox;

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
import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;

/** {@code …/jit-approval/outbox/}: what waits to be delivered, and what could not be. See docs/mail.md. */
@Produces(MediaType.APPLICATION_JSON)
public final class OutboxResource {

    private static final String RESOURCE_TYPE = "JIT_OUTBOX";
    private static final List<String> STATES = Arrays.stream(OutboxState.values()).map(OutboxState::wireName).toList();
    private static final int SORTED_BY = 2;

    private final KeycloakSession session;
    private final AdminAccess access;

    public OutboxResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
    }

    /**
     * A message without its payload, which is for its handler alone.
     *
     * @param key names the effect for ever; a mail's Message-ID is made of it
     * @param requestId the approval request that it is about, or null
     * @param nextAttemptAt when it is tried next, where it is pending, else null
     * @param lastError why the last attempt failed or was no use, or null
     */
    public record Item(
            String id,
            String key,
            String kind,
            String requestId,
            String state,
            int attempts,
            Instant nextAttemptAt,
            String lastError,
            Instant createdAt,
            Instant updatedAt) {

        static Item of(OutboxRow row) {
            return new Item(
                    row.id(),
                    row.message().key(),
                    row.message().kind(),
                    row.message().requestId(),
                    row.state().wireName(),
                    row.attempts(),
                    row.state() == OutboxState.PENDING ? row.nextAttemptAt() : null,
                    row.lastError(),
                    row.createdAt(),
                    row.updatedAt());
        }
    }

    /**
     * Which dead messages to redrive.
     *
     * @param kind those of this kind, or null for all
     */
    public record RedriveRequest(String kind) {}

    /** The realm's messages in a state ({@code pending} unless another is asked for), the oldest first. Needs the role {@code auditor}. */
    @GET
    public Response list(
            @QueryParam("state") String state,
            @QueryParam("kind") String kind,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        access.requireRealmManagerOr(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "state", "kind", "limit", "cursor");
        String named = Queries.oneOf("state", state, STATES);
        OutboxState wanted = named == null ? OutboxState.PENDING : OutboxState.of(named).orElseThrow();
        Paging paging = Paging.of("outbox-" + wanted.wireName(), SORTED_BY, limit, cursor);
        OutboxStore.Position after =
                paging.after().map(key -> new OutboxStore.Position(paging.number(0), key.get(1))).orElse(null);
        List<OutboxRow> rows = store().list(access.realm().getId(), wanted, kind, after, paging.fetch());
        return Json.ok(Page.of(paging, rows, row -> List.of(row.createdAt().toEpochMilli(), row.id()), Item::of));
    }

    /** Lets a dead or skipped message begin again, with all its attempts. Needs {@code manage-realm}. */
    @POST
    @Path("{id}/redrive")
    public Response redrive(@PathParam("id") String id, InputStream sent) {
        access.requireRealmManager();
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        body.requireNothing();
        return Idempotency.of(session, access).once(body, () -> {
            String realmId = access.realm().getId();
            OutboxRow row = store().find(realmId, id).orElseThrow(() -> Problem.notFound("message in the outbox"));
            if (!Outbox.of(session).redrive(realmId, id)) {
                throw Problem.of(ProblemType.CONFLICT, "The message is " + row.state().wireName()
                        + "; only one that is dead or skipped can be redriven.");
            }
            access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "outbox", id, "redrive")
                    .representation(Map.of("key", row.message().key()))
                    .success();
            return Answer.ok(Item.of(store().find(realmId, id).orElseThrow()));
        });
    }

    /** The same for all dead messages of the realm, or those of one kind. Needs {@code manage-realm}. */
    @POST
    @Path("redrive")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response redriveAll(InputStream sent) {
        access.requireRealmManager();
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        RedriveRequest request = body.asOptional(RedriveRequest.class);
        return Idempotency.of(session, access).once(body, () -> {
            Map<String, Integer> redriven =
                    Map.of("redriven", Outbox.of(session).redriveDead(access.realm().getId(), request.kind()));
            access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "outbox", "redrive")
                    .representation(redriven)
                    .success();
            return Answer.ok(redriven);
        });
    }

    private OutboxStore store() {
        return KeycloakOutboxTransactions.store(session);
    }
}
