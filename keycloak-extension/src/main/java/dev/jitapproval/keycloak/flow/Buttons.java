package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.http.HttpRequest;

/** The buttons of the requester's pages, at whichever door they are shown. */
public final class Buttons {

    private static final String BUTTON = "jit";

    private Buttons() {}

    /** Does what the button that was pressed says; a request that presses none asks the step again. */
    public static void press(Door door) {
        CheckpointStep step = new CheckpointStep(door);
        HttpRequest request = door.request();
        switch (pressed(request).orElse("")) {
            case "back" -> step.leave();
            case "cancel" -> step.cancel();
            case "confirm" -> step.confirm(field(request, "digest"));
            case "decline" -> step.decline();
            case "send" -> step.send(field(request, "justification"));
            default -> step.run(null);
        }
    }

    /** Whether a form was sent that is the checkpoint's own, whichever of its buttons it has. */
    public static boolean arePressed(HttpRequest request) {
        return "POST".equals(request.getHttpMethod()) && field(request, BUTTON) != null;
    }

    /**
     * Keycloak acts on a GET as on a POST, which presses no button; and its own cookies are sent along from other sites, so a form that
     * comes from one presses none either.
     */
    private static Optional<String> pressed(HttpRequest request) {
        String site = request.getHttpHeaders().getHeaderString("Sec-Fetch-Site");
        boolean ownPage = site == null || "same-origin".equals(site);
        return ownPage && "POST".equals(request.getHttpMethod()) ? Optional.ofNullable(field(request, BUTTON)) : Optional.empty();
    }

    private static String field(HttpRequest request, String name) {
        MultivaluedMap<String, String> form = request.getDecodedFormParameters();
        return form == null ? null : form.getFirst(name);
    }
}
