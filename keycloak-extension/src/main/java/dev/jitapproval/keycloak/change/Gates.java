package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.flow.Buttons;
import dev.jitapproval.keycloak.flow.CheckpointStep;
import dev.jitapproval.keycloak.flow.TabMemory;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionContext.Status;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;

/**
 * The gates before one change, in order, and then the change. Every request that could bring the change about comes through all of them again:
 * what was allowed, confirmed or approved before is asked of the same facts, and so goes on without a question.
 */
final class Gates {

    private final RequiredActionContext context;
    private final List<Planned> planned;
    private final HttpRequest form;
    private final Consumer<RequiredActionContext> change;
    private final EventBuilder event;

    /**
     * @param planned what is judged, one gate each
     * @param form what the change is made with, or null where that is the request at hand
     * @param change makes the change, by Keycloak's own code
     */
    Gates(RequiredActionContext context, List<Planned> planned, HttpRequest form, Consumer<RequiredActionContext> change) {
        this.context = context;
        this.planned = planned;
        this.form = form;
        this.change = change;
        this.event = context.getEvent().clone();
    }

    /** Asks every gate. */
    void enter() {
        from(0, null);
    }

    /** Asks every gate, and does at one of them what the button says that was pressed on its page. */
    void press() {
        String gate = context.getUriInfo().getQueryParameters().getFirst(ChangeDoor.GATE);
        from(0, gate == null ? planned.get(0).action() : gate);
    }

    private void from(int index, String pressed) {
        if (index == planned.size()) {
            make();
            return;
        }
        Planned next = planned.get(index);
        ChangeDoor door = new ChangeDoor(context, next, event, () -> from(index + 1, pressed));
        if (next.action().equals(pressed)) {
            Buttons.press(door);
        } else {
            new CheckpointStep(door).run(null);
        }
    }

    /**
     * The change has an event of its own where the gates have something to tell in it, so that the sign-in which may follow in the same HTTP
     * request is not told to have been approved as well. An approval is good for one change: the tab forgets it then.
     */
    private void make() {
        if (form == null && !isMarked()) {
            change.accept(context);
        } else {
            change.accept(new ChangeContext(context, form == null ? context.getHttpRequest() : form, event));
            if (context.getStatus() == Status.SUCCESS) {
                event.success();
            }
        }
        if (context.getStatus() == Status.SUCCESS) {
            planned.forEach(made -> new TabMemory(context.getAuthenticationSession(), made.action()).forget());
        }
    }

    private boolean isMarked() {
        return !Objects.equals(event.getEvent().getDetails(), context.getEvent().getEvent().getDetails());
    }
}
