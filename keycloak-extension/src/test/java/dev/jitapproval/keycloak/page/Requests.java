package dev.jitapproval.keycloak.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

/** Requests as the pages get them. */
final class Requests {

    static final String CHAIN = """
            { "stages": [
                { "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "attribute": "manager" }],
                  "quorum": 1, "timeout": 900, "on_timeout": { "escalate": "two-eyes/duty-officer" } },
                { "id": "two-eyes/it-security", "chain": "two-eyes", "name": "it-security",
                  "approvers": [{ "group": "/security" }], "quorum": 2, "timeout": 900, "on_timeout": "deny" },
                { "id": "two-eyes/duty-officer", "chain": "two-eyes", "name": "duty-officer", "standby": true,
                  "approvers": [{ "user": "dave" }], "quorum": "all", "timeout": 900, "on_timeout": "deny" } ],
              "justification": false, "show_approvers": SHOW, "use_by": 600 }""";

    private Requests() {}

    static ApprovalRequest request(RequestStatus status, boolean showApprovers, StageProgress... progress) {
        return new ApprovalRequest(
                "r-1", new RequestKey("realm", "u-1", "c-1", "login", "sha256:00"), new Requester("u-1", "alice", "u-1"), "production",
                "sha256:11", "prod", "a reason", "sha256:22", "{}", null, chain(showApprovers), null, "ABCD-EFGH", status, null,
                Instant.parse("2026-11-24T15:00:00.500Z"), List.of(progress), Instant.EPOCH, Instant.EPOCH, 1);
    }

    private static Chain chain(boolean showApprovers) {
        try {
            return Chain.of(new ObjectMapper().readTree(CHAIN.replace("SHOW", Boolean.toString(showApprovers))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The English texts, as Keycloak fills them. */
    static Messages english() {
        Properties texts = ThemeTexts.load("en");
        return (key, arguments) ->
                texts.containsKey(key) ? new java.text.MessageFormat(texts.getProperty(key)).format(arguments) : key;
    }
}
