package dev.jitapproval.keycloak.approval.jpa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.PinnedDocument;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Instant;
import java.util.List;

/** Between rows and snapshots. */
final class Rows {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<List<StageProgress>> PROGRESS = new TypeReference<>() {};

    private Rows() {}

    static JitRequestEntity entity(ApprovalRequest request, String pinned) {
        JitRequestEntity row = new JitRequestEntity();
        row.id = request.id();
        row.realmId = request.key().realmId();
        row.userId = request.key().userId();
        row.clientId = request.key().clientId();
        row.action = request.key().action();
        row.browserHash = request.key().browserHash();
        row.policyName = request.policyName();
        row.policyHash = request.policyHash();
        row.ruleId = request.ruleId();
        row.reason = request.reason();
        row.digest = request.digest();
        row.facts = request.facts();
        row.justification = request.justification();
        row.pinned = pinned;
        row.matchCode = request.matchCode();
        row.openedAt = request.openedAt().toEpochMilli();
        row.liveKey = request.status().isLive() ? LiveKey.of(request.key()) : null;
        row.status = request.status().wireName();
        row.stage = request.stageId();
        row.deadline = millis(request.deadline());
        row.progress = progress(request.progress());
        row.updatedAt = request.updatedAt().toEpochMilli();
        row.seq = request.seq();
        return row;
    }

    static StoredRequest request(JitRequestEntity row) {
        try {
            PinnedDocument pinned = PinnedDocument.of(row.pinned);
            ApprovalRequest request = new ApprovalRequest(
                    row.id,
                    new RequestKey(row.realmId, row.userId, row.clientId, row.action, row.browserHash),
                    pinned.requester(),
                    row.policyName,
                    row.policyHash,
                    row.ruleId,
                    row.reason,
                    row.digest,
                    row.facts,
                    row.justification,
                    pinned.chain(),
                    pinned.grant(),
                    row.matchCode,
                    RequestStatus.ofWireName(row.status),
                    row.stage,
                    row.deadline == null ? null : Instant.ofEpochMilli(row.deadline),
                    MAPPER.readValue(row.progress, PROGRESS),
                    Instant.ofEpochMilli(row.openedAt),
                    Instant.ofEpochMilli(row.updatedAt),
                    row.seq);
            return new StoredRequest(request, row.pinned);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("the stored request " + row.id + " cannot be read: " + e.getMessage(), e);
        }
    }

    static String progress(List<StageProgress> progress) {
        try {
            return MAPPER.writeValueAsString(progress);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("progress cannot be written as JSON", e);
        }
    }

    static Long millis(Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
