package dev.jitapproval.keycloak.doors;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Which doors of a realm stand open. A door is open where it can be gone through and nothing asks the policy, or where the policy has no
 * rule on what is done there; what the rule says is not judged, and neither is whether a rule only observes while its policy enforces.
 */
public final class DoorAudit {

    private static final Comparator<OpenDoor> BY_SEVERITY =
            Comparator.comparing(OpenDoor::severity).thenComparing(door -> door.code().code());

    private DoorAudit() {}

    /** The open doors as things are now, the worst first. Reads every client of the realm. */
    public static List<OpenDoor> of(KeycloakSession session, RealmModel realm) {
        RealmModel before = session.getContext().getRealm();
        // Keycloak finds a realm's identity providers by the realm at hand.
        session.getContext().setRealm(realm);
        try {
            return audit(session, realm);
        } finally {
            session.getContext().setRealm(before);
        }
    }

    private static List<OpenDoor> audit(KeycloakSession session, RealmModel realm) {
        Guard guard = new Guard(session, realm);
        List<ClientModel> clients = Clients.of(realm);
        return Stream.of(
                        new FlowDoors(session, realm, guard, clients).open(),
                        new TokenDoors(realm, guard, clients).open(),
                        new AccountDoors(realm, guard).open(),
                        new AdminDoors(session, realm, guard).open())
                .flatMap(doors -> doors)
                .sorted(BY_SEVERITY)
                .toList();
    }
}
