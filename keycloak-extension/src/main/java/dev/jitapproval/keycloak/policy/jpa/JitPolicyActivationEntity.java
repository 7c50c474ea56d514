package dev.jitapproval.keycloak.policy.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A switch of a realm to one of its versions. Appended, never changed; the last one holds. */
@Entity(name = "JitPolicyActivation")
@Table(name = "JIT_POLICY_ACTIVATION")
public class JitPolicyActivationEntity {

    @EmbeddedId
    RealmKey key;

    @Column(name = "VERSION_SEQ", updatable = false)
    long version;

    @Column(name = "KIND", length = 16, updatable = false)
    String kind;

    @Column(name = "ACTOR_ID", length = 255, updatable = false)
    String actorId;

    @Column(name = "ACTOR_NAME", length = 255, updatable = false)
    String actorName;

    @Column(name = "ACTIVATED_AT", updatable = false)
    long activatedAt;

    @Column(name = "REMARK", updatable = false)
    String comment;
}
