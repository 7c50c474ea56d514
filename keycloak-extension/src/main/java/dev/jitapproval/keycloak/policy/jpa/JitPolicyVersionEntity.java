package dev.jitapproval.keycloak.policy.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A policy that somebody put into a realm. Appended, never changed. */
@Entity(name = "JitPolicyVersion")
@Table(name = "JIT_POLICY_VERSION")
public class JitPolicyVersionEntity {

    @EmbeddedId
    RealmKey key;

    /** Where the source is, in JIT_POLICY. */
    @Column(name = "POLICY_HASH", length = 80, updatable = false)
    String hash;

    @Column(name = "POLICY_NAME", length = 64, updatable = false)
    String name;

    @Column(name = "POLICY_MODE", length = 16, updatable = false)
    String mode;

    @Column(name = "AUTHOR_ID", length = 255, updatable = false)
    String authorId;

    @Column(name = "AUTHOR_NAME", length = 255, updatable = false)
    String authorName;

    @Column(name = "CREATED_AT", updatable = false)
    long createdAt;

    @Column(name = "REMARK", updatable = false)
    String comment;
}
