package dev.jitapproval.keycloak.risk.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** Something that was seen when a user's login passed: a device, an address, a client. */
@Entity(name = "JitSighting")
@Table(name = "JIT_SIGHTING")
public class JitSightingEntity {

    @EmbeddedId
    Key key;

    @Column(name = "LAST_SEEN")
    long lastSeen;

    @Column(name = "DETAIL", length = 64)
    String detail;

    /**
     * @param realmId the realm
     * @param userId whose
     * @param kind what was seen: {@code device}, {@code ip}, …
     * @param mark which one: an HMAC, or an id that is no secret
     */
    @Embeddable
    public record Key(
            @Column(name = "REALM_ID", length = 36) String realmId,
            @Column(name = "USER_ID", length = 255) String userId,
            @Column(name = "KIND", length = 16) String kind,
            @Column(name = "MARK", length = 64) String mark)
            implements Serializable {}
}
