package dev.jitapproval.keycloak.approval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.engine.WireTime;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.registration.Admission;
import java.time.Duration;
import java.util.List;

/**
 * What the engine wants to be done, as messages of the outbox in the transaction of the change. The kind is the engine's word; the
 * payload says what the request came to, because it may have gone on when the message is delivered. The approval of a registration
 * lets its account in besides.
 */
final class Effects {

    /** The kind of the message that has the sessions ended which rest on a grant that was taken back. */
    static final String END_SESSIONS = "end_sessions";

    /**
     * Keycloak ends a session in its cache before it does in the database, and whoever looks for it in between brings it back into the cache:
     * two that end the same one beside each other leave it good for a moment. So the second one comes well after the first.
     */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(10);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Effects() {}

    static void put(UnitOfWork work, List<ApprovalChange> changes) {
        changes.forEach(change -> {
            Admission.after(change).ifPresent(work::put);
            change.effects().forEach(effect -> work.put(message(work, change, effect)));
        });
    }

    static OutboxMessage endSessions(ApprovalRequest revoked) {
        String key = revoked.id() + "/" + revoked.seq() + "/" + END_SESSIONS;
        return new OutboxMessage(key, revoked.key().realmId(), END_SESSIONS, revoked.id(), "{}", SECOND_LOOK);
    }

    private static OutboxMessage message(UnitOfWork work, ApprovalChange change, SideEffect effect) {
        ApprovalRequest request = change.request();
        String realmId = request.key().realmId();
        // The last event that this change stored: no other change stores it.
        String key = request.id() + "/" + request.seq() + "/" + effect.kind() + (effect.stage() == null ? "" : "/" + effect.stage());
        ObjectNode payload = MAPPER.createObjectNode();
        payload.put("seq", request.seq());
        payload.put("status", request.status().wireName());
        if (effect.stage() != null) {
            payload.put("stage", effect.stage());
        }
        if (request.deadline() != null) {
            payload.put("deadline", WireTime.format(request.deadline()));
        }
        work.frontend(realmId).ifPresent(base -> payload.put("base", base.toString()));
        return new OutboxMessage(key, realmId, effect.kind(), request.id(), payload.toString());
    }
}
