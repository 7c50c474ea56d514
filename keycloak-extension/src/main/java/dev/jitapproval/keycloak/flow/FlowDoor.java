package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The checkpoint as a step of an authentication flow.
 *
 * <p>Refusals are {@code forceChallenge}, never {@code failure}: Keycloak counts a failed authenticator as a failed login, and nobody may be
 * locked out of an account because a policy or an approver said no.
 */
final class FlowDoor implements Door {

    private final AuthenticationFlowContext context;
    private final UserModel user;
    private final Optional<BrokeredIdentity> brokered;

    /** @throws AuthenticationFlowException if nobody is known whom the step could be about */
    FlowDoor(AuthenticationFlowContext context) {
        this.context = context;
        this.user = Registrant.orUser(context);
        this.brokered = BrokeredIdentity.in(context.getSession(), context.getAuthenticationSession(), context.getFlowPath());
        if (user == null && !isFirstLogin()) {
            throw new AuthenticationFlowException(
                    "the authenticator 'jit-approval' stands before the step that establishes the user", AuthenticationFlowError.UNKNOWN_USER);
        }
    }

    private boolean isFirstLogin() {
        return LoginActionsService.FIRST_BROKER_LOGIN_PATH.equals(context.getFlowPath()) && brokered.isPresent();
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
        return user;
    }

    @Override
    public Requester requester() {
        return user == null ? brokered.orElseThrow().requester() : null;
    }

    @Override
    public DecisionContext.Change change() {
        return switch (action()) {
            case "register" -> ContextBuilder.registration(user);
            case "first-broker-login" -> user == null ? brokered.orElseThrow().change() : null;
            default -> null;
        };
    }

    @Override
    public DecisionContext.Target target() {
        return brokered.map(BrokeredIdentity::provider).orElse(null);
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
        Registrant.pass(context, user);
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
