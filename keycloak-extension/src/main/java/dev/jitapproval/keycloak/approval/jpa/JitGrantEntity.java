package dev.jitapproval.keycloak.approval.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A grant: a projection of what the events of its request say, and what the approval was used on. Instants are milliseconds since 1970.
 */
@Entity(name = "JitGrant")
@Table(name = "JIT_GRANT")
public class JitGrantEntity {

    @Id
    @Column(name = "REQUEST_ID", length = 36)
    String requestId;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    String realmId;

    @Column(name = "USER_ID", length = 255, updatable = false)
    String userId;

    @Column(name = "CLIENT_ID", length = 255, updatable = false)
    String clientId;

    @Column(name = "RULE_ID", length = 64, updatable = false)
    String ruleId;

    /** Separated by blanks, as OAuth has them. */
    @Column(name = "SCOPES", updatable = false)
    String scopes;

    @Column(name = "CHANGE_DIGEST", length = 80, updatable = false)
    String change;

    @Column(name = "SESSION_ID", length = 255, updatable = false)
    String sessionId;

    @Column(name = "VALID_FROM", updatable = false)
    long from;

    @Column(name = "VALID_UNTIL", updatable = false)
    long until;

    @Column(name = "REVOKED_AT")
    Long revokedAt;
}
