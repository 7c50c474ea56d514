package dev.jitapproval.keycloak.approval.jpa;

import dev.jitapproval.keycloak.PlainFactory;
import dev.jitapproval.keycloak.audit.jpa.JitCheckpointEntity;
import dev.jitapproval.keycloak.audit.jpa.JitRemovedEntity;
import dev.jitapproval.keycloak.decisionlog.jpa.JitDecisionEntity;
import dev.jitapproval.keycloak.outbox.jpa.JitOutboxEntity;
import dev.jitapproval.keycloak.policy.jpa.JitPolicyActivationEntity;
import dev.jitapproval.keycloak.policy.jpa.JitPolicyVersionEntity;
import dev.jitapproval.keycloak.risk.jpa.JitSightingEntity;
import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;

/** Adds the extension's tables to Keycloak's own database. */
public final class JitJpaEntityProviderFactory implements JpaEntityProviderFactory, PlainFactory<JpaEntityProvider> {

    static final String ID = "jit-approval";
    static final String CHANGELOG = "META-INF/jit-approval-changelog.xml";
    static final List<Class<?>> ENTITIES = List.of(
            JitRequestEntity.class,
            JitEventEntity.class,
            JitGrantEntity.class,
            JitPolicyEntity.class,
            JitPolicyVersionEntity.class,
            JitPolicyActivationEntity.class,
            JitDecisionEntity.class,
            JitIdempotencyEntity.class,
            JitCheckpointEntity.class,
            JitRemovedEntity.class,
            JitOutboxEntity.class,
            JitSightingEntity.class);

    @Override
    public JpaEntityProvider create(KeycloakSession session) {
        return new Tables();
    }

    @Override
    public String getId() {
        return ID;
    }

    private static final class Tables implements JpaEntityProvider {

        @Override
        public List<Class<?>> getEntities() {
            return ENTITIES;
        }

        @Override
        public String getChangelogLocation() {
            return CHANGELOG;
        }

        @Override
        public String getFactoryId() {
            return ID;
        }

        @Override
        public void close() {}
    }
}
