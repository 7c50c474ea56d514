package dev.jitapproval.keycloak.api;

import dev.jitapproval.keycloak.approval.jpa.JitIdempotencyEntity;
import jakarta.persistence.EntityManager;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The header {@code Idempotency-Key}: a call that is sent again under the same key does nothing, and is answered as the first one was.
 *
 * <p>A key belongs to a caller in a realm, and is taken in a transaction of its own before anything happens, so that of two equal calls
 * at once only one acts. The answer is stored in the session's transaction: with an effect that happens there, both are committed or
 * neither is. Where the call fails, or the transaction rolls back, the key is free again.
 *
 * <pre>{@code
 * return Idempotency.of(session, access).once(body, () -> Answer.ok(cancel(id, body.as(Form.class))));
 * }</pre>
 */
public final class Idempotency {

    /** The header. */
    public static final String HEADER = "Idempotency-Key";

    /** How long answers are kept. */
    static final long KEPT_MILLIS = 24L * 60 * 60 * 1_000;

    /** A call that has not ended by then never will: its server died. */
    private static final long LONGEST_CALL_MILLIS = 5L * 60 * 1_000;

    private static final int LONGEST_KEY = 255;

    private final KeycloakSession session;
    private final String realmId;
    private final String callerId;

    private Idempotency(KeycloakSession session, String realmId, String callerId) {
        this.session = session;
        this.realmId = realmId;
        this.callerId = callerId;
    }

    /** For a call of the admin API. */
    public static Idempotency of(KeycloakSession session, AdminAccess access) {
        return new Idempotency(session, access.realm().getId(), access.callerId());
    }

    /** For a call of the people's API. */
    public static Idempotency of(KeycloakSession session, String realmId, String userId) {
        return new Idempotency(session, realmId, userId);
    }

    /**
     * Does something once for each key; each time, where the call has no key. Check what the caller may do before this.
     *
     * @param body of the call
     * @throws Problem 422 for a key that stands for another call, 409 while the same call is under way, 400 for a key that is none
     */
    public Response once(Body body, Supplier<Answer> effect) {
        Optional<String> key = key();
        if (key.isEmpty()) {
            return effect.get().toResponse();
        }
        String id = digest(realmId, callerId, key.get());
        String request = digest(
                session.getContext().getHttpRequest().getHttpMethod(),
                session.getContext().getUri().getRequestUri().toString(),
                HexFormat.of().formatHex(body.bytes()));
        Optional<Answer> before = take(id, request);
        if (before.isPresent()) {
            return before.get().toResponse();
        }
        session.getTransactionManager().enlistAfterCompletion(new Release(id));
        Answer answer = effect.get();
        keep(id, answer);
        return answer.toResponse();
    }

    /** Forgets answers that were kept long enough; in the session's transaction. */
    static void clean(KeycloakSession session) {
        entities(session).createQuery("delete from JitIdempotency i where i.createdAt < :before")
                .setParameter("before", Time.currentTimeMillis() - KEPT_MILLIS)
                .executeUpdate();
    }

    /** Forgets the answers that were kept for a realm, which may name a person who is to be forgotten; in the session's transaction. */
    public static void forgetAnswers(KeycloakSession session, String realmId) {
        entities(session).createQuery("delete from JitIdempotency i where i.realmId = :realm and i.status is not null")
                .setParameter("realm", realmId)
                .executeUpdate();
    }

    private Optional<String> key() {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        List<String> given = headers.getRequestHeader(HEADER);
        if (given == null || given.isEmpty()) {
            return Optional.empty();
        }
        String key = given.get(0);
        boolean plain = key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (given.size() > 1 || key.isEmpty() || key.length() > LONGEST_KEY || !plain) {
            throw Problem.invalidParameter(HEADER, "must be one text of 1 to " + LONGEST_KEY
                    + " visible ASCII characters that no other call uses, such as a random UUID.");
        }
        return Optional.of(key);
    }

    /** Takes the key for this call; or gives what the same call was answered. */
    private Optional<Answer> take(String id, String request) {
        RuntimeException collision = null;
        try {
            if (insert(id, request)) {
                return Optional.empty();
            }
        } catch (RuntimeException perhapsTaken) {
            // The primary key's, where two equal calls come at once; anything else is thrown below.
            collision = perhapsTaken;
        }
        JitIdempotencyEntity row = inTransactionOfItsOwn(entities -> entities.find(JitIdempotencyEntity.class, id));
        if (row == null) {
            throw collision == null ? inProgress() : collision;
        }
        if (!MessageDigest.isEqual(bytes(row.requestHash), bytes(request))) {
            throw Problem.of(ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This " + HEADER + " came with another call before. Use a new key for a new call.");
        }
        if (row.status == null) {
            throw inProgress();
        }
        return Optional.of(new Answer(row.status, row.answer, Json.readTexts(row.headers)));
    }

    private boolean insert(String id, String request) {
        return inTransactionOfItsOwn(entities -> {
            freeAbandoned(entities, id);
            if (entities.find(JitIdempotencyEntity.class, id) != null) {
                return false;
            }
            JitIdempotencyEntity row = new JitIdempotencyEntity();
            row.id = id;
            row.realmId = realmId;
            row.requestHash = request;
            row.createdAt = Time.currentTimeMillis();
            entities.persist(row);
            entities.flush();
            return true;
        });
    }

    private static Problem inProgress() {
        return Problem.of(ProblemType.IDEMPOTENCY_IN_PROGRESS, "The call with this " + HEADER + " is under way; ask again in a moment.");
    }

    private static void freeAbandoned(EntityManager entities, String id) {
        long now = Time.currentTimeMillis();
        entities.createQuery("delete from JitIdempotency i where i.id = :id"
                        + " and (i.createdAt < :old or i.status is null and i.createdAt < :abandoned)")
                .setParameter("id", id)
                .setParameter("old", now - KEPT_MILLIS)
                .setParameter("abandoned", now - LONGEST_CALL_MILLIS)
                .executeUpdate();
    }

    private void keep(String id, Answer answer) {
        entities(session).createQuery("update JitIdempotency i set i.status = :status, i.headers = :headers, i.answer = :answer"
                        + " where i.id = :id")
                .setParameter("status", answer.status())
                .setParameter("headers", Json.write(answer.headers()))
                .setParameter("answer", answer.json())
                .setParameter("id", id)
                .executeUpdate();
    }

    private <T> T inTransactionOfItsOwn(Function<EntityManager, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(), null, other -> work.apply(entities(other)), "jit-idempotency");
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    private static String digest(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = bytes(part);
                // The length first: no two lists of parts read the same.
                sha.update(bytes(bytes.length + ":"));
                sha.update(bytes);
            }
            return "sha256:" + HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Frees the key where the session's transaction rolls back. */
    private final class Release extends AbstractKeycloakTransaction {

        private final String id;

        Release(String id) {
            this.id = id;
        }

        @Override
        protected void commitImpl() {}

        @Override
        protected void rollbackImpl() {
            inTransactionOfItsOwn(entities -> entities.createQuery("delete from JitIdempotency i where i.id = :id and i.status is null")
                    .setParameter("id", id)
                    .executeUpdate());
        }
    }
}
