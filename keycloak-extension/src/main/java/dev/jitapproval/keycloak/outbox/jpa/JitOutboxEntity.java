package dev.jitapproval.keycloak.outbox.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A side effect that waits, or what became of it. Instants are milliseconds since 1970. */
@Entity(name = "JitOutbox")
@Table(name = "JIT_OUTBOX")
public class JitOutboxEntity {

    @Id
    @Column(name = "ID", length = 36)
    String id;

    @Column(name = "EFFECT_KEY", length = 255, updatable = false)
    String key;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    String realmId;

    @Column(name = "KIND", length = 64, updatable = false)
    String kind;

    @Column(name = "REQUEST_ID", length = 36, updatable = false)
    String requestId;

    /** Null once it has been delivered. */
    @Column(name = "PAYLOAD")
    String payload;

    @Column(name = "STATE", length = 16)
    String state;

    /** How often a delivery was begun; also tells one claim from the next. */
    @Column(name = "ATTEMPTS")
    int attempts;

    @Column(name = "NEXT_ATTEMPT_AT")
    long nextAttemptAt;

    /** 0 while nobody delivers it. */
    @Column(name = "CLAIMED_UNTIL")
    long claimedUntil;

    @Column(name = "CLAIMED_BY", length = 36)
    String claimedBy;

    @Column(name = "LAST_ERROR", length = 1000)
    String lastError;

    @Column(name = "CREATED_AT", updatable = false)
    long createdAt;

    @Column(name = "UPDATED_AT")
    long updatedAt;
}
