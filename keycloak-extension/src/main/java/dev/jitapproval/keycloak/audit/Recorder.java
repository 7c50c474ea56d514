package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.outbox.Outbox;
import jakarta.persistence.EntityManager;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.jose.jws.JWSBuilder;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Makes checkpoints in transactions of their own, signed with the realm's active key, and has them leave through the outbox. */
final class Recorder {

    /** The kind of outbox message that {@link CheckpointHandler} delivers. */
    static final String KIND = "checkpoint";

    /** In the header of the JWS; no token of Keycloak's has it, so that none can be taken for the other. */
    static final String TYPE = "jit-checkpoint";

    /** Whoever verifies a checkpoint must not be able to make one. */
    private static final Set<String> SHARED_SECRETS = Set.of(Algorithm.HS256, Algorithm.HS384, Algorithm.HS512);

    private static final int TRIES = 3;

    private final KeycloakSessionFactory factory;

    Recorder(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    /**
     * Makes a realm's next checkpoint.
     *
     * @param always also where nothing has changed since the last one
     * @return the checkpoint, committed; empty where there was nothing to say, or no such realm any more
     */
    Optional<Checkpoint> make(String realmId, boolean always) {
        RuntimeException last = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                return KeycloakModelUtils.runJobInTransactionWithResult(
                        factory, null, session -> make(session, realmId, always), "jit-checkpoint");
            } catch (RuntimeException e) {
                // Somebody else may have taken the number.
                last = e;
            }
        }
        throw last;
    }

    /** Runs work on the database in a transaction of its own. */
    <T> T run(Function<EntityManager, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                factory, null, session -> work.apply(entities(session)), "jit-audit");
    }

    static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    private static Optional<Checkpoint> make(KeycloakSession session, String realmId, boolean always) {
        RealmModel realm = session.realms().getRealm(realmId);
        if (realm == null) {
            return Optional.empty();
        }
        session.getContext().setRealm(realm);
        Optional<Checkpoint> made = new Checkpoints(new CheckpointStore(entities(session)), payload -> sign(session, realm, payload))
                .make(realmId, realm.getName(), KeycloakClock.now(), always);
        made.ifPresent(checkpoint -> Outbox.of(session).put(
                KIND + "/" + realmId + "/" + checkpoint.seq(),
                realmId,
                KIND,
                JsonNodeFactory.instance.objectNode().put("seq", checkpoint.seq()).toString()));
        return made;
    }

    private static String sign(KeycloakSession session, RealmModel realm, byte[] payload) {
        String wanted = realm.getDefaultSignatureAlgorithm();
        String algorithm = wanted == null || wanted.isEmpty() || SHARED_SECRETS.contains(wanted)
                ? Constants.DEFAULT_SIGNATURE_ALGORITHM
                : wanted;
        return new JWSBuilder()
                .type(TYPE)
                .content(payload)
                .sign(session.getProvider(SignatureProvider.class, algorithm).signer());
    }
}
