package dev.jitapproval.keycloak.audit.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A request that retention has removed, until the next checkpoint says so. */
@Entity(name = "JitRemoved")
@Table(name = "JIT_REMOVED")
public class JitRemovedEntity {

    @Id
    @Column(name = "REQUEST_ID", length = 36)
    String requestId;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    String realmId;

    @Column(name = "SEQ", updatable = false)
    long seq;

    @Column(name = "HEAD", length = 80, updatable = false)
    String head;
}
