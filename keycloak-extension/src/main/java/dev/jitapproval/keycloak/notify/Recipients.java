package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.eligibility.RealmEligibility;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Who gets a mail: those who could vote now, without the requester, each address once. */
final class Recipients {

    /** A role that thousands have makes no thousands of mails; the others find the request in their inbox. */
    private static final int MAX = EligibilityLookup.MAX_PEOPLE;

    private final RealmModel realm;
    private final RealmEligibility eligibility;

    Recipients(KeycloakSession session, RealmModel realm) {
        this.realm = realm;
        this.eligibility = new RealmEligibility(session);
    }

    /**
     * The ids of the stages' approvers who can be written to, at most 200.
     *
     * @param without the ids of users to leave out
     */
    List<String> approvers(ApprovalRequest request, List<Stage> stages, Set<String> without) {
        Set<String> addresses = new HashSet<>();
        try (Stream<UserModel> approvers =
                stages.stream().flatMap(stage -> eligibility.approvers(realm, request.requester(), stage))) {
            return approvers
                    .filter(user -> !without.contains(user.getId()))
                    .filter(user -> isAnother(request, user))
                    .filter(user -> user.getEmail() != null && !user.getEmail().isBlank())
                    .filter(user -> addresses.add(user.getEmail().toLowerCase(Locale.ROOT)))
                    .limit(MAX)
                    .map(UserModel::getId)
                    .toList();
        }
    }

    /** Whether a stage still asks somebody. */
    boolean mayDecide(ApprovalRequest request, Stage stage, UserModel user) {
        return isAnother(request, user) && !eligibility.matches(realm, request.requester(), stage, user).isEmpty();
    }

    private boolean isAnother(ApprovalRequest request, UserModel user) {
        return !eligibility.personKey(realm, user).equals(request.requester().personKey());
    }
}
