package dev.jitapproval.keycloak.decisionlog.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A decision that is kept. Instants are milliseconds since 1970. */
@Entity(name = "JitDecision")
@Table(name = "JIT_DECISION")
public class JitDecisionEntity {

    @Id
    @Column(name = "ID", length = 36)
    String id;

    @Column(name = "REALM_ID", length = 36, updatable = false)
    String realmId;

    @Column(name = "HAPPENED_AT", updatable = false)
    long at;

    @Column(name = "ACTION", length = 64, updatable = false)
    String action;

    @Column(name = "EFFECT", length = 32, updatable = false)
    String effect;

    @Column(name = "POLICY_HASH", length = 80, updatable = false)
    String policyHash;

    @Column(name = "POLICY_NAME", length = 64, updatable = false)
    String policyName;

    @Column(name = "RULE_ID", length = 64, updatable = false)
    String ruleId;

    @Column(name = "USER_ID", length = 255)
    String userId;

    @Column(name = "CLIENT_ID", length = 255, updatable = false)
    String clientId;

    @Column(name = "REQUEST_ID", length = 36, updatable = false)
    String requestId;

    @Column(name = "OBSERVED", updatable = false)
    boolean observed;

    @Column(name = "SAMPLED", updatable = false)
    boolean sampled;

    /** Not RATE, which some databases reserve. */
    @Column(name = "SAMPLE_RATE", updatable = false)
    double rate;

    @Column(name = "CONTEXT")
    String context;

    @Column(name = "REDACTED")
    String redacted;

    @Column(name = "DECISION")
    String decision;

    @Column(name = "DIGEST", length = 80, updatable = false)
    String digest;
}
