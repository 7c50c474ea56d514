package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.AdminAccess.Role;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.Answer;
import dev.jitapproval.keycloak.api.Body;
import dev.jitapproval.keycloak.api.Idempotency;
import dev.jitapproval.keycloak.api.Json;
import dev.jitapproval.keycloak.api.Lines;
import dev.jitapproval.keycloak.api.Page;
import dev.jitapproval.keycloak.api.Paging;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.api.Queries;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.audit.jpa.ErasureStore;
import dev.jitapproval.keycloak.audit.jpa.HistoryStore;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** {@code …/jit-approval/audit/}: proof of what happened, and the end of what need not be kept. See docs/audit.md. */
@Produces(MediaType.APPLICATION_JSON)
public final class AuditResource {

    private static final String RESOURCE_TYPE = "JIT_AUDIT";
    private static final int MOST_NAMED = 20;

    private final KeycloakSession session;
    private final AdminAccess access;
    private final RealmModel realm;
    private final Recorder recorder;

    public AuditResource(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
        this.realm = access.realm();
        this.recorder = new Recorder(session.getKeycloakSessionFactory());
    }

    /**
     * A checkpoint as the API shows it.
     *
     * @param jws the signed statement; null in lists
     */
    public record View(long seq, Instant at, long requests, String hash, String jws) {

        static View of(Checkpoint checkpoint) {
            return new View(checkpoint.seq(), checkpoint.at(), checkpoint.requests(), checkpoint.hash(), checkpoint.jws());
        }

        static View brief(Checkpoint checkpoint) {
            return new View(checkpoint.seq(), checkpoint.at(), checkpoint.requests(), checkpoint.hash(), null);
        }
    }

    /** The body of {@link #makeCheckpoint}: there is nothing to say, and what is said is a mistake. */
    public record Nothing() {}

    /** The body of {@link #erase}. */
    public record EraseForm(String userId) {}

    /** The histories of requests, as NDJSON. Needs the role {@code auditor}. */
    @GET
    @Path("export")
    @Produces(Lines.MEDIA_TYPE)
    public Response export(@QueryParam("from") String from, @QueryParam("to") String to, @QueryParam("request") String request) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "from", "to", "request");
        HistoryStore.Filter filter = new HistoryStore.Filter(
                realm.getId(), Queries.instant("from", from), Queries.instant("to", to), request);
        String realmName = realm.getName();
        AuditExport.Reading reading = new AuditExport.Reading() {
            @Override
            public <T> T read(Function<HistoryStore, T> read) {
                return recorder.run(entities -> read.apply(new HistoryStore(entities)));
            }
        };
        return Lines.of(session, "jit-audit.ndjson", out -> new AuditExport(reading).write(filter, realmName, now(), out));
    }

    /** The signed checkpoints, the latest first. Needs the role {@code auditor}. */
    @GET
    @Path("checkpoints")
    public Response checkpoints(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri(), "limit", "cursor");
        Paging paging = Paging.of("checkpoints", 1, limit, cursor);
        long before = paging.after().isPresent() ? paging.number(0) : Long.MAX_VALUE;
        List<Checkpoint> rows = store().list(realm.getId(), before, paging.fetch());
        return Json.ok(Page.of(paging, rows, row -> List.of(row.seq()), View::brief));
    }

    /** One checkpoint with its JWS. Needs the role {@code auditor}. */
    @GET
    @Path("checkpoints/{seq}")
    public Response checkpoint(@PathParam("seq") String seq) {
        access.require(Role.AUDITOR);
        Queries.only(session.getContext().getUri());
        return number(seq)
                .flatMap(number -> store().find(realm.getId(), number))
                .map(found -> Json.ok(View.of(found)))
                .orElseThrow(() -> Problem.notFound("checkpoint"));
    }

    /** Signs where all chains end now. Needs {@code manage-realm}. */
    @POST
    @Path("checkpoints")
    public Response makeCheckpoint(InputStream sent) {
        access.requireRealmManager();
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        body.asOptional(Nothing.class);
        return Idempotency.of(session, access).once(body, () -> {
            Checkpoint made = recorder.make(realm.getId(), true).orElseThrow(() -> Problem.notFound("realm"));
            String seq = Long.toString(made.seq());
            access.event(OperationType.CREATE, RESOURCE_TYPE, "jit-approval", "audit", "checkpoints", seq)
                    .representation(View.brief(made))
                    .success();
            return Answer.created(session.getContext().getUri().getAbsolutePathBuilder().path(seq).build(), View.of(made));
        });
    }

    /** Forgets a person. Needs {@code manage-realm}. */
    @POST
    @Path("erase")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response erase(InputStream sent) {
        access.requireRealmManager();
        Queries.only(session.getContext().getUri());
        Body body = Body.of(sent, Body.SMALL);
        EraseForm form = body.as(EraseForm.class);
        if (form.userId() == null || form.userId().isBlank()) {
            throw Problem.of(ProblemType.INVALID_BODY, "The member `user_id` must be the id of a user of this realm.")
                    .with("pointer", "/user_id");
        }
        return Idempotency.of(session, access).once(body, () -> {
            Erasure.Erased erased = erase(form.userId());
            Idempotency.forgetAnswers(session, realm.getId());
            return Answer.ok(erased);
        });
    }

    private Erasure.Erased erase(String userId) {
        Erasure erasure = new Erasure(JitApprovalProvider.of(session).engine(), new Erasure.Transactions() {
            @Override
            public <T> T run(Function<ErasureStore, T> work) {
                return recorder.run(entities -> work.apply(new ErasureStore(entities)));
            }
        });
        List<String> live = erasure.live(realm.getId(), userId);
        if (!live.isEmpty()) {
            throw Problem.of(ProblemType.CONFLICT, "The user has opened, or acted on, requests that have not ended. Cancel them first, or"
                            + " wait for their end.")
                    .with("requests", live.stream().limit(MOST_NAMED).toList());
        }
        Optional<Person> known = Optional.ofNullable(session.users().getUserById(realm, userId)).map(this::person);
        Erasure.Erased erased = erasure.erase(realm.getId(), userId, known);
        if (known.isEmpty() && erased.requests() == 0 && erased.decisions() == 0) {
            throw Problem.notFound("user");
        }
        // Without the name, and without the id: who may read it must not learn who is forgotten.
        access.event(OperationType.ACTION, RESOURCE_TYPE, "jit-approval", "audit", "erase")
                .representation(Map.of("requests", erased.requests(), "decisions", erased.decisions()))
                .success();
        return erased;
    }

    private Person person(UserModel user) {
        return new Person(
                user.getId(), user.getUsername(), session.getProvider(EligibilityLookup.class).personKey(realm, user));
    }

    private CheckpointStore store() {
        return new CheckpointStore(Recorder.entities(session));
    }

    private static Optional<Long> number(String written) {
        try {
            return Optional.of(Long.parseLong(written)).filter(number -> number > 0 && number < Long.MAX_VALUE);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Instant now() {
        return KeycloakClock.now();
    }
}
