package dev.jitapproval.keycloak.review;

import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** What all of the approvers' pages have in common. */
final class Pages {

    private static final String MODEL = "jit";

    private Pages() {}

    /**
     * Renders a page of the login theme.
     *
     * @param model what the template reads as {@code jit}
     */
    static Response render(
            KeycloakSession session, RealmModel realm, LoginFormsProvider forms, String template, Response.Status status,
            Map<String, Object> model) {
        Map<String, Object> complete = new HashMap<>(model);
        complete.put("inboxUrl", ReviewLinks.inbox(session.getContext().getUri().getBaseUri(), realm).toString());
        forms.setAttribute(MODEL, complete);
        forms.setStatus(status);
        forms.setResponseHeader("Cache-Control", "no-store");
        forms.setResponseHeader("Referrer-Policy", "no-referrer");
        return forms.createForm(template);
    }
}
