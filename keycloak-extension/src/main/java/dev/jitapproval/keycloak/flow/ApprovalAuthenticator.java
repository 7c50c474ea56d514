package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The checkpoint as a step of an authentication flow. It keeps no state of its own. */
final class ApprovalAuthenticator implements Authenticator {

    private static final String BUTTON = "jit";

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        new CheckpointStep(context).run(null);
    }

    /** A button of one of the pages. Keycloak calls this for a GET as well, which presses none. */
    @Override
    public void action(AuthenticationFlowContext context) {
        CheckpointStep step = new CheckpointStep(context);
        switch (button(context).orElse("")) {
            case "back" -> step.leave();
            case "cancel" -> step.cancel();
            case "confirm" -> step.confirm(field(context, "digest"));
            case "decline" -> step.decline();
            case "send" -> step.send(field(context, "justification"));
            default -> step.run(null);
        }
    }

    /** Keycloak's own cookies are sent along from other sites, so a form that comes from one presses no button. */
    private static Optional<String> button(AuthenticationFlowContext context) {
        String site = context.getHttpRequest().getHttpHeaders().getHeaderString("Sec-Fetch-Site");
        boolean ownPage = site == null || "same-origin".equals(site);
        return ownPage && "POST".equals(context.getHttpRequest().getHttpMethod())
                ? Optional.ofNullable(field(context, BUTTON))
                : Optional.empty();
    }

    private static String field(AuthenticationFlowContext context, String name) {
        MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
        return form == null ? null : form.getFirst(name);
    }

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}
}
