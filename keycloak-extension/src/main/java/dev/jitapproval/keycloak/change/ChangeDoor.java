package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.action.ActionDoor;
import dev.jitapproval.keycloak.context.DecisionContext;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.sessions.AuthenticationSessionModel;

/** One gate of a change. Passing it leads on to the next one, and from the last one to the change. */
final class ChangeDoor extends ActionDoor {

    /** The parameter of a form's address that says which gate showed it: a change may have two. */
    static final String GATE = "jit_gate";

    private final RequiredActionContext context;
    private final Planned planned;
    private final EventBuilder event;
    private final Runnable next;

    /**
     * @param event of the change, which whoever makes it sends
     * @param next what is done when the gate lets it go on
     */
    ChangeDoor(RequiredActionContext context, Planned planned, EventBuilder event, Runnable next) {
        super(context, context.getAction());
        this.context = context;
        this.planned = planned;
        this.event = event;
        this.next = next;
    }

    @Override
    public String action() {
        return planned.action();
    }

    @Override
    public boolean hasBrowser() {
        return true;
    }

    @Override
    public DecisionContext.Change change() {
        return planned.change();
    }

    @Override
    public DecisionContext.Target target() {
        return planned.target();
    }

    @Override
    public EventBuilder event() {
        return event;
    }

    @Override
    public EventBuilder refusal() {
        return context.getEvent().clone().event(EventType.CUSTOM_REQUIRED_ACTION).detail(Details.CUSTOM_REQUIRED_ACTION, context.getAction());
    }

    @Override
    public LoginFormsProvider form() {
        LoginFormsProvider form = context.form();
        URI address = context.getActionUrl(context.generateCode());
        return form.setActionUri(UriBuilder.fromUri(address).queryParam(GATE, planned.action()).build());
    }

    @Override
    public void pass() {
        next.run();
    }

    /**
     * What the application asks for, or the user's account, is asked for again. What this login alone requires, as a forgotten password or a link
     * that was mailed does, a restart would forget, and leave somebody at a form for the password that they do not know.
     */
    @Override
    public boolean comesBack() {
        return !authSession().getRequiredActions().contains(context.getAction());
    }

    /**
     * Nothing is changed. Who came for this change goes back to the application as somebody who gave it up, and stays signed in; who was made to
     * by the realm or an admin does not get in without it.
     */
    @Override
    public void leave(String why) {
        if (isOwnWish()) {
            new HeldForm(authSession(), context.getAction()).forget();
            context.cancel();
        } else {
            context.failure(why);
        }
    }

    /** As Keycloak itself decides whether an action can be cancelled. */
    private boolean isOwnWish() {
        AuthenticationSessionModel authSession = authSession();
        return context.getAction().equals(authSession.getClientNote(Constants.KC_ACTION_EXECUTING))
                && !Boolean.parseBoolean(authSession.getClientNote(Constants.KC_ACTION_ENFORCED));
    }
}
