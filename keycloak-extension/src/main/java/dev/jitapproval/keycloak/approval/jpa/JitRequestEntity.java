package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A request: what was fixed when it was opened, and a projection of what its events say. Instants are milliseconds since 1970.
 *
 * <p>Never changed through this class: {@link RequestStore} moves the projection on with a statement that compares the sequence number.
 */
@Entity(name = "JitRequest")
@Table(name = "JIT_REQUEST")
public class JitRequestEntity {

    @Id
    @Column(name = "ID", length = 36)
    String id;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    String realmId;

    @Column(name = "USER_ID", length = 255, updatable = false)
    String userId;

    @Column(name = "CLIENT_ID", length = 255, updatable = false)
    String clientId;

    @Column(name = "ACTION", length = 64, updatable = false)
    String action;

    @Column(name = "BROWSER_HASH", length = 80, updatable = false)
    String browserHash;

    @Column(name = "POLICY_NAME", length = 64, updatable = false)
    String policyName;

    @Column(name = "POLICY_HASH", length = 80, updatable = false)
    String policyHash;

    @Column(name = "RULE_ID", length = 64, updatable = false)
    String ruleId;

    @Column(name = "REASON", updatable = false)
    String reason;

    @Column(name = "DIGEST", length = 80, updatable = false)
    String digest;

    @Column(name = "FACTS", updatable = false)
    String facts;

    @Column(name = "JUSTIFICATION", updatable = false)
    String justification;

    /** The document that the fold begins with, exactly as it was first handed to the engine. */
    @Column(name = "PINNED", updatable = false)
    String pinned;

    @Column(name = "MATCH_CODE", length = 16, updatable = false)
    String matchCode;

    @Column(name = "OPENED_AT", updatable = false)
    long openedAt;

    /** Unique while the request is live, null afterwards: one live request for each key. */
    @Column(name = "LIVE_KEY", length = 80)
    String liveKey;

    @Column(name = "STATUS", length = 16)
    String status;

    @Column(name = "STAGE", length = 255)
    String stage;

    @Column(name = "DEADLINE")
    Long deadline;

    @Column(name = "PROGRESS")
    String progress;

    @Column(name = "UPDATED_AT")
    long updatedAt;

    @Column(name = "SEQ")
    long seq;

    /** The hash of the last event; null in rows from before there was one. */
    @Column(name = "HEAD", length = 80)
    String head;
}
