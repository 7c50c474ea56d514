package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Takes a checkpoint out of the database: into a file on other storage, or else into the server's log. */
final class CheckpointHandler implements OutboxHandler {

    /** A category of its own, so that a log shipper can pick it out. */
    private static final Logger SHIPPED = Logger.getLogger("jit-approval.checkpoint");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Recorder recorder;
    private final Optional<Path> directory;

    CheckpointHandler(Recorder recorder, Optional<Path> directory) {
        this.recorder = recorder;
        this.directory = directory;
    }

    @Override
    public Delivery begin(OutboxMessage message) {
        long seq = seq(message);
        String realmId = message.realmId();
        Optional<Checkpoint> checkpoint = find(realmId, seq);
        if (checkpoint.isEmpty()) {
            return Delivery.skipped("the checkpoint is not in the database any more");
        }
        if (directory.isEmpty()) {
            SHIPPED.info(checkpoint.get().jws());
            return Delivery.done();
        }
        CheckpointFile file = new CheckpointFile(directory.get(), realmId);
        return Delivery.outside(() -> file.append(
                seq,
                last -> recorder.run(entities -> new CheckpointStore(entities).numbers(realmId, last, seq)),
                number -> find(realmId, number).orElseThrow().jws()));
    }

    private Optional<Checkpoint> find(String realmId, long seq) {
        return recorder.run(entities -> new CheckpointStore(entities).find(realmId, seq));
    }

    private static long seq(OutboxMessage message) {
        try {
            return JSON.readTree(message.payload()).required("seq").longValue();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the message " + message.key() + " cannot be read", e);
        }
    }
}
