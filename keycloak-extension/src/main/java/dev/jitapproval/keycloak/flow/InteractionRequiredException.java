package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.AuthenticationFlowException;

/**
 * Ends a {@code prompt=none} login with {@code interaction_required}. An authenticator that shows a page makes Keycloak answer
 * {@code login_required} there; only an exception can bring an answer of its own. It carries no stack trace, for Keycloak logs it, and
 * applications check silently all the time.
 */
final class InteractionRequiredException extends AuthenticationFlowException {

    private static final long serialVersionUID = 1L;

    private final transient Response answer;

    InteractionRequiredException(Response answer) {
        super("approval or confirmation is needed", null, false, false, AuthenticationFlowError.GENERIC_AUTHENTICATION_ERROR);
        this.answer = answer;
    }

    @Override
    public Response getResponse() {
        return answer;
    }
}
