package dev.jitapproval.keycloak.review;

import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
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
     * The heading, which the tab's title repeats.
     *
     * @param key of the message
     * @param parts for its placeholders
     */
    record Heading(String key, List<Object> parts) {

        Heading(String key) {
            this(key, List.of());
        }

        /** The question that a request puts. */
        static Heading question(Map<String, Object> request) {
            return new Heading(
                    "jitReviewQuestion." + request.get("action"),
                    List.of(request.get("requester"), request.get("client"), request.get("actionName")));
        }
    }

    /**
     * Renders a page of the login theme.
     *
     * @param model what the template reads as {@code jit}
     */
    static Response render(
            KeycloakSession session, RealmModel realm, LoginFormsProvider forms, String template, Response.Status status,
            Heading heading, Map<String, Object> model) {
        String text = forms.getMessage(heading.key(), heading.parts().toArray());
        String title = forms.getMessage(TITLE, text, nameOf(realm));
        Map<String, Object> complete = new HashMap<>(model);
        complete.put("heading", text);
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
