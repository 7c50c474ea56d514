package dev.jitapproval.keycloak.policy.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;

/**
 * A row's place in the history of its realm.
 *
 * @param realmId the realm
 * @param number from 1, without gaps; two who take the same number collide
 */
@Embeddable
public record RealmKey(@Column(name = "REALM_ID", length = 36) String realmId, @Column(name = "SEQ") long number)
        implements Serializable {}
