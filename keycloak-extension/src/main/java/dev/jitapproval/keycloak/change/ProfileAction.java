package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.flow.Buttons;
import dev.jitapproval.keycloak.flow.TabMemory;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.userprofile.ValidationException;

/**
 * One of Keycloak's required actions with a gate after its form, because what is judged is what was typed. The form is held in the tab; the change
 * is made with it, by Keycloak's own code, when the gates let it go on.
 */
final class ProfileAction extends KeycloaksAction {

    private final String id;
    private final Form form;

    /** What a form would change. */
    interface Form {

        /** Whether Keycloak takes the request for this form, although it asks for the page. */
        boolean isSentWithout(RequiredActionContext context);

        /**
         * @return what is judged, one gate each; empty where nothing would change
         * @throws ValidationException if Keycloak will not accept it
         */
        List<Planned> plan(RequiredActionContext context, MultivaluedMap<String, String> fields);

        /** The gates let the form go on, and it is about to be sent to Keycloak. */
        void passed(RequiredActionContext context, MultivaluedMap<String, String> fields);
    }

    /** @param id the provider's */
    ProfileAction(RequiredActionProvider keycloak, String id, Form form) {
        super(keycloak);
        this.id = id;
        this.form = form;
    }

    /** Shows the form, unless one is held: then this is the page that waited, and comes back. */
    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        Optional<MultivaluedMap<String, String>> fields = isGuarded(context) ? held(context).get() : Optional.empty();
        if (fields.isPresent()) {
            judge(context, fields.get(), false, true);
        } else if (isGuarded(context) && form.isSentWithout(context)) {
            send(context, true);
        } else {
            keycloak.requiredActionChallenge(context);
        }
    }

    /** Keycloak acts on a GET as on a POST; here only a POST sends a form. */
    @Override
    public void processAction(RequiredActionContext context) {
        if (!isGuarded(context)) {
            keycloak.processAction(context);
        } else if (!HttpMethod.POST.equals(context.getHttpRequest().getHttpMethod())) {
            requiredActionChallenge(context);
        } else if (Buttons.arePressed(context.getHttpRequest())) {
            Optional<MultivaluedMap<String, String>> fields = held(context).get();
            if (fields.isPresent()) {
                judge(context, fields.get(), true, true);
            } else {
                keycloak.requiredActionChallenge(context);
            }
        } else {
            send(context, false);
        }
    }

    /** A form with other values is another change: what became of a request for the one before does not count for it. */
    private void send(RequiredActionContext context, boolean asPage) {
        MultivaluedMap<String, String> fields = new MultivaluedHashMap<>();
        fields.putAll(context.getHttpRequest().getDecodedFormParameters());
        if (held(context).keep(fields)) {
            for (String action : List.of("update-profile", "update-email")) {
                new TabMemory(context.getAuthenticationSession(), action).forget();
            }
        }
        judge(context, fields, false, asPage);
    }

    /**
     * @param pressed whether the request comes from a page of the checkpoint
     * @param asPage whether Keycloak does not know that a form is sent
     */
    private void judge(RequiredActionContext context, MultivaluedMap<String, String> fields, boolean pressed, boolean asPage) {
        List<Planned> planned = plan(context, fields);
        HeldRequest request = asPage ? new HeldRequest(context.getHttpRequest(), fields) : null;
        Gates gates = new Gates(context, planned, request, made -> {
            held(context).forget();
            if (!planned.isEmpty()) {
                form.passed(context, fields);
            }
            keycloak.processAction(made);
        });
        if (pressed && !planned.isEmpty()) {
            gates.press();
        } else {
            gates.enter();
        }
    }

    /** What Keycloak does not accept it refuses by itself, and changes nothing. */
    private List<Planned> plan(RequiredActionContext context, MultivaluedMap<String, String> fields) {
        try {
            return form.plan(context, fields);
        } catch (ValidationException e) {
            return List.of();
        }
    }

    private HeldForm held(RequiredActionContext context) {
        return new HeldForm(context.getAuthenticationSession(), id);
    }

    private static boolean isGuarded(RequiredActionContext context) {
        return Guarded.is(context.getSession(), context.getRealm());
    }

    @Override
    public void initiatedActionCanceled(KeycloakSession session, AuthenticationSessionModel authSession) {
        new HeldForm(authSession, id).forget();
        super.initiatedActionCanceled(session, authSession);
    }
}
