package dev.jitapproval.keycloak.flow;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The checkpoint as a step of an authentication flow.
 *
 * <p>Refusals are {@code forceChallenge}, never {@code failure}: Keycloak counts a failed authenticator as a failed login, and nobody may be
 * locked out of an account because a policy or an approver said no.
 */
final class FlowDoor implements Door {

    private final AuthenticationFlowContext context;

    FlowDoor(AuthenticationFlowContext context) {
        this.context = context;
    }

    @Override
    public KeycloakSession session() {
        return context.getSession();
    }

    @Override
    public AuthenticationSessionModel authSession() {
        return context.getAuthenticationSession();
    }

    @Override
    public UserModel user() {
        return context.getUser();
    }

    @Override
    public HttpRequest request() {
        return context.getHttpRequest();
    }

    @Override
    public String action() {
        return StepAction.of(session(), authSession(), context.getFlowPath());
    }

    @Override
    public String flowAlias() {
        return context.getTopLevelFlow().getAlias();
    }

    @Override
    public boolean hasBrowser() {
        return StepAction.hasBrowser(context.getFlowPath());
    }

    @Override
    public EventBuilder event() {
        return context.getEvent();
    }

    @Override
    public EventBuilder refusal() {
        return context.getEvent().clone();
    }

    @Override
    public LoginFormsProvider form() {
        return context.form();
    }

    @Override
    public URI here() {
        return context.getRefreshExecutionUrl();
    }

    @Override
    public void pass() {
        context.success();
    }

    @Override
    public void hold(Response page) {
        context.challenge(page);
    }

    @Override
    public void refuse(Response answer) {
        context.forceChallenge(answer);
    }

    @Override
    public void leave(String why) {
        context.forceChallenge(ClientAnswer.accessDenied(this, why));
    }

    @Override
    public void interactionRequired() {
        throw new InteractionRequiredException(ClientAnswer.interactionRequired(this));
    }

    @Override
    public void startAgain() {
        context.resetFlow();
    }

    @Override
    public void attach(UserSessionModel sso) {
        context.attachUserSession(sso);
    }
}
