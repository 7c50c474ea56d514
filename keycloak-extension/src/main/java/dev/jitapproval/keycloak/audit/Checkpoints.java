package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.audit.jpa.CheckpointStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Makes the checkpoints of one realm, within the transaction of the store. */
final class Checkpoints {

    private static final Logger LOG = Logger.getLogger(Checkpoints.class);

    private final CheckpointStore store;
    private final Function<byte[], String> signer;

    /** @param signer makes a compact JWS of a payload, with the realm's active key */
    Checkpoints(CheckpointStore store, Function<byte[], String> signer) {
        this.store = store;
        this.signer = signer;
    }

    /**
     * Signs where the realm's chains end now, and stores it under the next number; two at once collide there.
     *
     * @param always also where nothing has changed since the last one
     * @return the checkpoint, or empty where there was nothing new to say
     */
    Optional<Checkpoint> make(String realmId, String realmName, Instant now, boolean always) {
        Optional<Checkpoint> last = store.last(realmId);
        // Heads first: what retention removes between the two reads is then in both, and counts as removed.
        List<Head> read = store.heads(realmId);
        List<Head> removed = store.removed(realmId);
        Set<String> gone = removed.stream().map(Head::request).collect(Collectors.toSet());
        List<Head> heads = read.stream().filter(head -> !gone.contains(head.request())).toList();

        CheckpointPayload payload = new CheckpointPayload(
                realmId,
                realmName,
                last.map(Checkpoint::seq).orElse(0L) + 1,
                now.truncatedTo(ChronoUnit.MILLIS),
                last.map(Checkpoint::hash).orElse(null),
                heads,
                removed);
        Optional<CheckpointPayload> before = last.map(checkpoint -> CheckpointPayload.of(checkpoint.jws()));
        if (!always && removed.isEmpty() && heads.equals(before.map(CheckpointPayload::heads).orElse(List.of()))) {
            return Optional.empty();
        }
        before.map(then -> Discrepancies.between(then, payload)).stream()
                .flatMap(List::stream)
                .forEach(found -> LOG.errorf(
                        "Realm %s: %s since checkpoint %d. Nothing but the approval service may write the tables JIT_REQUEST and"
                                + " JIT_EVENT; verify an export against the checkpoints that left the database",
                        realmName, found, payload.seq() - 1));
        String jws = signer.apply(payload.bytes());
        Checkpoint made =
                new Checkpoint(realmId, payload.seq(), payload.at(), heads.size(), CheckpointPayload.hash(jws), jws);
        store.insert(made);
        store.forgetRemoved(removed);
        return Optional.of(made);
    }
}
