package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The source of a policy that some request was opened under. */
@Entity(name = "JitPolicy")
@Table(name = "JIT_POLICY")
public class JitPolicyEntity {

    @Id
    @Column(name = "HASH", length = 80)
    String hash;

    @Column(name = "NAME", length = 64, updatable = false)
    String name;

    @Column(name = "SOURCE", updatable = false)
    String source;

    @Column(name = "CREATED_AT", updatable = false)
    long createdAt;
}
