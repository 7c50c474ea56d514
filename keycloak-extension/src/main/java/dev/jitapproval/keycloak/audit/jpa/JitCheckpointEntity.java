package dev.jitapproval.keycloak.audit.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A signed checkpoint. Added, never changed. */
@Entity(name = "JitCheckpoint")
@Table(name = "JIT_CHECKPOINT")
public class JitCheckpointEntity {

    @EmbeddedId
    Key key;

    @Column(name = "MADE_AT", updatable = false)
    long at;

    @Column(name = "REQUESTS", updatable = false)
    long requests;

    @Column(name = "HASH", length = 80, updatable = false)
    String hash;

    @Column(name = "JWS", updatable = false)
    String jws;

    /**
     * @param realmId the realm
     * @param seq from 1, without gaps
     */
    @Embeddable
    public record Key(@Column(name = "REALM_ID", length = 36) String realmId, @Column(name = "SEQ") long seq)
            implements Serializable {}
}
