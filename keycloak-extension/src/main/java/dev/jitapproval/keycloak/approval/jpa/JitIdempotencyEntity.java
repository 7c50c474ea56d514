package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A call that was made under an idempotency key, and what was answered. */
@Entity(name = "JitIdempotency")
@Table(name = "JIT_IDEMPOTENCY")
public class JitIdempotencyEntity {

    /** The digest of realm, caller and key. */
    @Id
    @Column(name = "ID", length = 80)
    public String id;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    public String realmId;

    /** The digest of method, address and body. */
    @Column(name = "REQUEST_HASH", length = 80)
    public String requestHash;

    /** Milliseconds since 1970. */
    @Column(name = "CREATED_AT")
    public long createdAt;

    /** The HTTP status that was answered, or null while the call is under way. */
    @Column(name = "STATUS")
    public Integer status;

    /** The answer's headers as a JSON object, or null. */
    @Column(name = "HEADERS")
    public String headers;

    /** The answer's JSON, or null. */
    @Column(name = "ANSWER")
    public String answer;
}
