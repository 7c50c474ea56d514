package dev.jitapproval.keycloak.approval.spi;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.List;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.Provider;

/**
 * Looks up live who may vote. Asked inside the transaction that records the vote, so that a role taken away a moment ago no
 * longer counts. Its answers become part of the event.
 */
public interface EligibilityLookup extends Provider {

    /** As many people as an event names; the count goes on. */
    int MAX_PEOPLE = 200;

    /** What tells people from accounts: an attribute that only admins may edit, or the user id where it is unset. */
    String personKey(RealmModel realm, UserModel user);

    /** The distinct people who could vote in a stage now; the requester may be among them. */
    Eligible eligible(RealmModel realm, Requester requester, Stage stage);

    /** The indexes of the stage's selectors that the user matches, ascending; empty for who may not vote. */
    List<Integer> matches(RealmModel realm, Requester requester, Stage stage, UserModel user);

    @Override
    default void close() {}

    /**
     * @param count how many distinct people
     * @param people their person keys, at most {@link #MAX_PEOPLE}
     */
    record Eligible(int count, List<String> people) {

        public Eligible {
            people = List.copyOf(people);
        }
    }
}
