package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.context.DecisionContext;
import java.util.List;

/**
 * A change that somebody is about to make, as the policy is asked about it.
 *
 * @param action an action of the context schema
 * @param change what changes, or null where that is the account as a whole; never a credential or a secret
 * @param target which of several things, or null
 */
record Planned(String action, DecisionContext.Change change, DecisionContext.Target target) {

    /** A change that has no values to show: of a credential. */
    static Planned of(String action, String field) {
        return new Planned(action, new DecisionContext.Change(List.of(field), null, null), null);
    }

    /**
     * The same, of one of several things.
     *
     * @param name for people, or null where it is the id
     */
    Planned on(String type, String id, String name) {
        return new Planned(action, change, new DecisionContext.Target(type, id, name));
    }
}
