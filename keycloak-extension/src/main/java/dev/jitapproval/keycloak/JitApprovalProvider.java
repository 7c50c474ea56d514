package dev.jitapproval.keycloak;

import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.policy.Policies;
import dev.jitapproval.keycloak.policy.PolicyVersions;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

/** The one way into the extension's parts: the server-wide ones, and the ones of this session. */
public interface JitApprovalProvider extends Provider {

    /** The provider of this session. */
    static JitApprovalProvider of(KeycloakSession session) {
        return session.getProvider(JitApprovalProvider.class);
    }

    /** The start-up options. */
    JitApprovalConfig config();

    /** The policy engine of this server. */
    Engine engine();

    /** The policies of this server; those that are active stay the same for as long as the session lasts. */
    Policies policies();

    /** The history of policies in the database, and the way to change it. */
    PolicyVersions policyVersions();

    /** The approval requests, as this session sees them. */
    ApprovalService approvals();

    @Override
    default void close() {}
}
