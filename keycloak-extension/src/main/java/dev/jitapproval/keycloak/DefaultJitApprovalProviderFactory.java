package dev.jitapproval.keycloak;

import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.ApprovalServices;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.EngineVersion;
import dev.jitapproval.keycloak.engine.WasmEngine;
import dev.jitapproval.keycloak.lifecycle.Removals;
import dev.jitapproval.keycloak.observe.EngineFigures;
import dev.jitapproval.keycloak.policy.Policies;
import dev.jitapproval.keycloak.policy.PolicyServices;
import dev.jitapproval.keycloak.policy.PolicySnapshot;
import dev.jitapproval.keycloak.policy.PolicyVersions;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.timer.TimerProvider;

/** The extension as Keycloak starts and stops it. */
public final class DefaultJitApprovalProviderFactory implements JitApprovalProviderFactory {

    private static final Logger LOG = Logger.getLogger(DefaultJitApprovalProviderFactory.class);
    private static final long DUE_REQUESTS_EVERY_MILLIS = 5_000;

    private JitApprovalConfig config;
    private WasmEngine module;
    private Engine engine;
    private PolicyServices policies;
    private ApprovalServices approvals;

    @Override
    public String getId() {
        return "default";
    }

    @Override
    public void init(Config.Scope scope) {
        config = Options.read(scope);
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return Stream.concat(Options.METADATA.stream(), RecordKeeping.METADATA.stream()).toList();
    }

    /** Starts the engine and reads the policies, so that what is wrong with either is in the log before anybody logs in. */
    @Override
    public void postInit(KeycloakSessionFactory factory) {
        module = new WasmEngine(config.poolSize(), config.engineTimeout());
        engine = EngineFigures.observe(module);
        policies = new PolicyServices(config.policiesDir(), engine, ApprovalServices::policySource, factory);
        approvals = new ApprovalServices(engine, factory);
        EngineVersion version = module.warmUp();
        LOG.infof("JIT approval: engine %s, policies from %s", version.engine(),
                config.policiesDir().map(Object::toString).orElse("the database"));
        if (!config.adminBypassUsers().isEmpty()) {
            LOG.warnf("JIT approval: %s may enter the admin console past the checkpoint (admin-bypass-users)",
                    config.adminBypassUsers());
        }
        factory.register(this::onEvent);
        factory.register(new Removals());
    }

    private void onEvent(ProviderEvent event) {
        if (event instanceof PostMigrationEvent migrated) {
            // The tables exist from here on.
            policies.follow();
            KeycloakModelUtils.runJobInTransaction(
                    migrated.getFactory(),
                    session -> session.getProvider(TimerProvider.class)
                            .scheduleTask(approvals.dueRequests(), DUE_REQUESTS_EVERY_MILLIS));
        }
    }

    @Override
    public JitApprovalProvider create(KeycloakSession session) {
        return new SessionProvider(config, engine, new PolicySnapshot(policies.policies()), policies.versions(), approvals.of(session));
    }

    @Override
    public void close() {
        if (policies != null) {
            policies.close();
        }
        if (module != null) {
            module.close();
        }
    }

    private record SessionProvider(
            JitApprovalConfig config, Engine engine, Policies policies, PolicyVersions policyVersions, ApprovalService approvals)
            implements JitApprovalProvider {}
}
