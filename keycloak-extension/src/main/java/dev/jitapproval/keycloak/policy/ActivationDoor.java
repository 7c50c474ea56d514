package dev.jitapproval.keycloak.policy;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.adminapi.AdminDoor;
import dev.jitapproval.keycloak.adminapi.AdminDoor.Deed;
import dev.jitapproval.keycloak.adminapi.Administrator;
import dev.jitapproval.keycloak.api.AdminAccess;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resources.admin.AdminAuth;

/** Asks the policy that decides now whether another one may take its place. Where none decides, the first one comes in freely. */
final class ActivationDoor {

    private static final String ACTION = "activate-policy";
    private static final List<String> FIELDS = List.of("hash", "policy", "version");

    private final KeycloakSession session;
    private final AdminAccess access;

    ActivationDoor(KeycloakSession session, AdminAccess access) {
        this.session = session;
        this.access = access;
    }

    /**
     * Lets a switch through, or not. What was judged holds only for the switch from this very activation.
     *
     * @param active what decides according to the database
     * @param wanted what shall
     * @throws Problem where it may not be made, or not yet
     */
    void pass(ActivePolicy active, PolicyVersion wanted) {
        PolicyStatus here = JitApprovalProvider.of(session).policies().status(access.realm());
        if (active.version().number() == wanted.number() || here.source() == PolicyStatus.Source.DIRECTORY) {
            return;
        }
        requireFollowed(active, here);
        Policies policies = JitApprovalProvider.of(session).policies();
        boolean asks = policies.active(access.realm())
                .map(judge -> judge.actions().contains(ACTION))
                .orElseGet(() -> policies.isUnknown(access.realm()));
        if (asks) {
            new AdminDoor(session, access.realm(), caller()).judge(List.of(deed(active.version(), wanted))).ifPresent(problem -> {
                throw problem;
            });
        }
    }

    /** @throws Problem where another switch was made since the one that was judged */
    static void requireSame(Optional<ActivePolicy> judged, Optional<ActivePolicy> now) {
        if (!judged.map(active -> active.activation().seq()).equals(now.map(active -> active.activation().seq()))) {
            throw Problem.of(ProblemType.CONFLICT, "Another version became active at the same moment. Look at what is active, and try again.");
        }
    }

    /** A node judges by the policy that it has taken over. One that cannot take over the newest goes on with the one before. */
    private static void requireFollowed(ActivePolicy active, PolicyStatus here) {
        boolean follows = here.active().filter(policy -> policy.hash().equals(active.version().hash())).isPresent();
        if (!follows && here.lastError().isEmpty()) {
            throw Problem.of(ProblemType.CONFLICT, "This node has not taken over the last switch yet; try again in a moment.");
        }
    }

    private Administrator caller() {
        AdminAuth auth = access.permissions().adminAuth();
        return new Administrator(
                auth.getRealm(), auth.getUser(), auth.getClient(), session.getContext().getUserSession(), auth.getToken());
    }

    private static Deed deed(PolicyVersion before, PolicyVersion after) {
        return new Deed(
                ACTION,
                new Target("policy", Long.toString(after.number()), after.name()),
                new Change(FIELDS, told(before), told(after)),
                List.of(ACTION, Long.toString(after.number()), after.hash()));
    }

    private static Map<String, List<String>> told(PolicyVersion version) {
        return Map.of(
                "hash", List.of(version.hash()),
                "policy", List.of(version.name()),
                "version", List.of(Long.toString(version.number())));
    }
}
