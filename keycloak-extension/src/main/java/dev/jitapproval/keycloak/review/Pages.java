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
    private static final String TITLE = "jitTitlePage";

    private Pages() {}

    /**
     * Renders a page of the login theme.
     *
     * @param heading which the tab's title repeats
     * @param model what the template reads as {@code jit}
     */
    static Response render(
            KeycloakSession session, RealmModel realm, LoginFormsProvider forms, String template, Response.Status status,
            String heading, Map<String, Object> model) {
        String title = forms.getMessage(TITLE, heading, nameOf(realm));
        Map<String, Object> complete = new HashMap<>(model);
        complete.put("heading", heading);
        complete.put("inboxUrl", ReviewLinks.inbox(session.getContext().getUri().getBaseUri(), realm).toString());
        forms.setAttribute(MODEL, complete);
        forms.setAttributeMapper(attributes -> {
            attributes.put("title", title);
            return attributes;
        });
        forms.setStatus(status);
        forms.setResponseHeader("Cache-Control", "no-store");
        forms.setResponseHeader("Referrer-Policy", "no-referrer");
        return forms.createForm(template);
    }

    private static String nameOf(RealmModel realm) {
        return realm.getDisplayName() == null || realm.getDisplayName().isBlank() ? realm.getName() : realm.getDisplayName();
    }
}
