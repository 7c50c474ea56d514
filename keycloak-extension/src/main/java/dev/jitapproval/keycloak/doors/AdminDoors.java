package dev.jitapproval.keycloak.doors;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.engine.PolicyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.Config;
import org.keycloak.common.Profile;
import org.keycloak.common.Profile.Feature;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The doors of those who run the realm, and of its policy. */
final class AdminDoors {

    private static final List<String> BY_ADMINS =
            List.of("admin-change-realm", "admin-grant-role", "admin-join-group", "admin-read-secret", "admin-reset-credential");
    private static final String IMPERSONATE = "admin-impersonate";
    private static final String ACTIVATE = "activate-policy";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Guard guard;

    AdminDoors(KeycloakSession session, RealmModel realm, Guard guard) {
        this.session = session;
        this.realm = realm;
        this.guard = guard;
    }

    Stream<OpenDoor> open() {
        List<OpenDoor> open = new ArrayList<>();
        List<String> unruled = guard.unruled(BY_ADMINS);
        OpenDoor.about(DoorCode.ADMIN_API, unruled, "Administrators act without a rule on", "Write rules on the actions.")
                .forEach(open::add);
        if (Profile.isFeatureEnabled(Feature.IMPERSONATION) && !guard.rules(IMPERSONATE)) {
            open.add(OpenDoor.of(DoorCode.IMPERSONATION,
                    "Administrators may become any user: no rule is on " + IMPERSONATE + ".",
                    "Write a rule on " + IMPERSONATE + ", or start the server without the feature impersonation."));
        }
        if (realm.isAdminPermissionsEnabled() && !unruled.isEmpty()) {
            open.add(OpenDoor.of(DoorCode.FINE_GRAINED_ADMIN,
                    "Fine-grained admin permissions are on: people without an admin role may act over the admin API, too.",
                    "Write the rules that the door admin-api lacks, or turn the permissions off."));
        }
        if (realm.isScimApiEnabled()) {
            open.add(OpenDoor.of(DoorCode.SCIM,
                    "The SCIM API makes and changes users and groups; no hook asks the policy there.",
                    "Turn the realm's SCIM API off, or let only one client and network reach it."));
        }
        if (Profile.isFeatureEnabled(Feature.OID4VC_VCI) && realm.isVerifiableCredentialsEnabled()) {
            open.add(OpenDoor.of(DoorCode.VERIFIABLE_CREDENTIALS,
                    "The realm issues verifiable credentials; no hook asks the policy there.",
                    "Turn verifiable credentials off in the realm."));
        }
        policy(open);
        return open.stream();
    }

    private void policy(List<OpenDoor> open) {
        if (guard.policy().isPresent() && !guard.rules(ACTIVATE)) {
            open.add(OpenDoor.of(DoorCode.ACTIVATE_POLICY,
                    "Whoever may activate a policy replaces this one alone: no rule is on " + ACTIVATE + ".",
                    "Write a rule on " + ACTIVATE + " that asks a second person."));
        }
        guard.policy().filter(policy -> policy.mode() == PolicyMode.OBSERVE).ifPresent(policy -> open.add(OpenDoor.of(
                DoorCode.POLICY_OBSERVES,
                "The policy " + policy.name() + " is in observe mode: it decides and counts, and holds nobody.",
                "Activate it with mode: enforce.")));
        Set<String> bypass = JitApprovalProvider.of(session).config().adminBypassUsers();
        if (realm.getName().equals(Config.getAdminRealm())) {
            OpenDoor.about(DoorCode.ADMIN_BYPASS, List.copyOf(bypass),
                            "The option admin-bypass-users lets users past the checkpoint", "Start the server without the option.")
                    .forEach(open::add);
        }
    }
}
