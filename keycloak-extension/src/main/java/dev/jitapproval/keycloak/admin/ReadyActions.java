package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.action.GateActionFactory;
import dev.jitapproval.keycloak.review.ReviewClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;

/** The approvers' required actions in a realm. One that is missing or disabled is skipped by Keycloak without a word. */
final class ReadyActions {

    private static final Map<String, String> NAMES = Map.of(
            ReviewClient.REVIEW_ACTION, "Review an approval request",
            ReviewClient.INBOX_ACTION, "List approval requests");

    private static final String GATE_NAME = "JIT approval";

    /** Before every other action, so that nothing about an account changes before the login is let through. */
    private static final int FIRST = 0;

    /** After every built-in action, so that whoever must change a password does that first. */
    private static final int PRIORITY = 2000;

    private final RealmModel realm;

    ReadyActions(RealmModel realm) {
        this.realm = realm;
    }

    /** Registers and enables both. */
    void ensure() {
        NAMES.keySet().stream().sorted().forEach(alias -> ensure(alias, NAMES.get(alias), PRIORITY));
    }

    /** Registers and enables the checkpoint itself as a required action. */
    void ensureGate() {
        ensure(GateActionFactory.ID, GATE_NAME, FIRST);
    }

    /** Whether the checkpoint guards every login as a required action: registered and enabled. */
    boolean gateGuards() {
        RequiredActionProviderModel gate = gate();
        return gate != null && gate.isEnabled();
    }

    /** Why the required action guards nothing, as a clause. Keycloak skips it without a word. */
    String whyGateDoesNotGuard() {
        return "the required action " + GateActionFactory.ID + (gate() == null ? " is not registered" : " is disabled");
    }

    private RequiredActionProviderModel gate() {
        return realm.getRequiredActionProviderByAlias(GateActionFactory.ID);
    }

    /** What is wrong, in sentences; empty when both are ready. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        NAMES.keySet().stream().sorted().forEach(alias -> {
            RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias(alias);
            if (action == null) {
                problems.add("The required action " + alias + " is not registered.");
            } else if (!action.isEnabled()) {
                problems.add("The required action " + alias + " is disabled.");
            } else if (action.isDefaultAction()) {
                problems.add("The required action " + alias + " is set as a default action; every new user would be stopped by it.");
            }
        });
        return problems;
    }

    private void ensure(String alias, String name, int priority) {
        RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias(alias);
        if (action == null) {
            action = new RequiredActionProviderModel();
            action.setAlias(alias);
            action.setProviderId(alias);
            action.setName(name);
            action.setEnabled(true);
            action.setDefaultAction(false);
            action.setPriority(priority);
            realm.addRequiredActionProvider(action);
        } else if (!action.isEnabled() || action.isDefaultAction()) {
            action.setEnabled(true);
            action.setDefaultAction(false);
            realm.updateRequiredActionProvider(action);
        }
    }
}
