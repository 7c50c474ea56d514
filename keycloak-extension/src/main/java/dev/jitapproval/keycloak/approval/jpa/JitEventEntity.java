package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** One event of a request, as the engine wrote it. Appended, never changed. */
@Entity(name = "JitEvent")
@Table(name = "JIT_EVENT")
public class JitEventEntity {

    @EmbeddedId
    Key key;

    @Column(name = "HAPPENED_AT", updatable = false)
    long at;

    @Column(name = "KIND", length = 16, updatable = false)
    String kind;

    @Column(name = "ACTOR_ID", length = 255, updatable = false)
    String actorId;

    /** The canonical bytes, which the next event's hash covers. */
    @Column(name = "EVENT", updatable = false)
    String event;

    /**
     * @param requestId the request
     * @param seq from 1, without gaps
     */
    @Embeddable
    public record Key(
            @Column(name = "REQUEST_ID", length = 36) String requestId, @Column(name = "SEQ") long seq)
            implements Serializable {}
}
