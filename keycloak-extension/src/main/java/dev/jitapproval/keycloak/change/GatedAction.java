package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.flow.Buttons;
import java.util.List;
import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;

/**
 * One of Keycloak's required actions with a gate before its form, so that nothing which is typed there is ever judged or shown. The gate is asked
 * again for what the form sends: it may come from a page that was opened under another policy, or was never shown at all.
 */
class GatedAction extends KeycloaksAction {

    private final Plan plan;

    /** What an action is about to change. */
    interface Plan {

        /** @return empty where Keycloak itself finds nothing to do, and says so */
        Optional<Planned> of(RequiredActionContext context);
    }

    /** @param keycloak the action that is Keycloak's own */
    GatedAction(RequiredActionProvider keycloak, Plan plan) {
        super(keycloak);
        this.plan = plan;
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        Optional<Planned> planned = planned(context);
        if (planned.isEmpty() || isDoneAlready(context)) {
            keycloak.requiredActionChallenge(context);
        } else {
            new Gates(context, List.of(planned.get()), null, keycloak::requiredActionChallenge).enter();
        }
    }

    /** Keycloak acts on a GET as on a POST; a GET, like a button of the checkpoint's pages, only leads to the form. */
    @Override
    public void processAction(RequiredActionContext context) {
        Optional<Planned> planned = planned(context);
        if (planned.isEmpty()) {
            keycloak.processAction(context);
            return;
        }
        boolean sent = "POST".equals(context.getHttpRequest().getHttpMethod()) && !Buttons.arePressed(context.getHttpRequest());
        new Gates(context, List.of(planned.get()), null, sent ? keycloak::processAction : keycloak::requiredActionChallenge).press();
    }

    /** Whether Keycloak, asked for the form, would find that there is nothing left to do. */
    boolean isDoneAlready(RequiredActionContext context) {
        return false;
    }

    private Optional<Planned> planned(RequiredActionContext context) {
        return Guarded.is(context.getSession(), context.getRealm()) ? plan.of(context) : Optional.empty();
    }
}
