package dev.jitapproval.keycloak.eligibility;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Eligibility as the realm's users, roles and groups are now. */
public final class RealmEligibility implements EligibilityLookup {

    /** Where counting ends. Far above what a quorum can ask for, so that a larger group makes no difference. */
    static final int COUNTED_PEOPLE = 1_000;

    /** Where listing ends: accounts that are looked at in one stage, however many of them belong to one person or cannot vote. */
    static final int LISTED_ACCOUNTS = 5_000;

    private final KeycloakSession session;

    public RealmEligibility(KeycloakSession session) {
        this.session = session;
    }

    /**
     * {@inheritDoc}
     *
     * <p>An account of which nobody can say whose it is stands for itself here; it matches no selector, so that it can ask but
     * not approve.
     */
    @Override
    public String personKey(RealmModel realm, UserModel user) {
        return PersonKeys.of(session, realm, user).orElse(user.getId());
    }

    @Override
    public Eligible eligible(RealmModel realm, Requester requester, Stage stage) {
        Set<String> people = new LinkedHashSet<>();
        try (Stream<UserModel> approvers = approvers(realm, requester, stage)) {
            approvers.map(user -> PersonKeys.of(session, realm, user))
                    .flatMap(Optional::stream)
                    .filter(people::add)
                    .limit(COUNTED_PEOPLE)
                    .forEach(counted -> {});
        }
        return new Eligible(people.size(), people.stream().limit(MAX_PEOPLE).toList());
    }

    @Override
    public List<Integer> matches(RealmModel realm, Requester requester, Stage stage, UserModel user) {
        if (!isPerson(user) || PersonKeys.of(session, realm, user).isEmpty()) {
            return List.of();
        }
        Directory directory = new Directory(session, realm);
        UserModel asking = session.users().getUserById(realm, requester.id());
        List<Integer> matches = new ArrayList<>();
        for (int i = 0; i < stage.approvers().size(); i++) {
            if (directory.matches(stage.approvers().get(i), asking, user)) {
                matches.add(i);
            }
        }
        return List.copyOf(matches);
    }

    /**
     * The accounts that could vote in the stage now, each once, lazily. The requester's accounts may be among them. A group brings
     * the members of its subgroups along, a role those who have it through a composite role or a group.
     *
     * @return a stream to be closed
     */
    public Stream<UserModel> approvers(RealmModel realm, Requester requester, Stage stage) {
        Directory directory = new Directory(session, realm);
        UserModel asking = session.users().getUserById(realm, requester.id());
        Set<String> seen = new LinkedHashSet<>();
        return stage.approvers().stream()
                .flatMap(selector -> directory.people(selector, asking))
                .limit(LISTED_ACCOUNTS)
                .filter(RealmEligibility::isPerson)
                .filter(user -> seen.add(user.getId()));
    }

    private static boolean isPerson(UserModel user) {
        return user.isEnabled() && user.getServiceAccountClientLink() == null;
    }
}
