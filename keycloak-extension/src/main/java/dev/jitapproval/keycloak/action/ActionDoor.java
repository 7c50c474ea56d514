package dev.jitapproval.keycloak.action;

import dev.jitapproval.keycloak.flow.ClientAnswer;
import dev.jitapproval.keycloak.flow.Door;
import dev.jitapproval.keycloak.flow.StepAction;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.AuthenticationFlowResolver;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The checkpoint as a required action. Of what the context offers only {@code challenge} and {@code success} are used in a challenge: there,
 * {@code cancel} and {@code ignore} would let the login go on, and so would saying nothing.
 */
public class ActionDoor implements Door {

    private static final String RESTART = "restart";

    /** Keycloak's own mark on the event of the password grant. */
    private static final String PASSWORD_GRANT = "oauth_credentials";

    private static final Pattern TOKEN_ENDPOINT = Pattern.compile("(?s)/protocol/[^/]+/token(?:[/;]|$)");

    private final RequiredActionContext context;
    private final String requiredAction;

    /** The door of the action {@value GateActionFactory#ID}. */
    ActionDoor(RequiredActionContext context) {
        this(context, GateActionFactory.ID);
    }

    /** @param requiredAction the provider's id of the action that the context is of */
    protected ActionDoor(RequiredActionContext context, String requiredAction) {
        this.context = context;
        this.requiredAction = requiredAction;
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
        return StepAction.of(session(), authSession(), hasBrowser() ? LoginActionsService.AUTHENTICATE_PATH : null);
    }

    /** The flow that the login began with; by now Keycloak only knows that required actions run. */
    @Override
    public String flowAlias() {
        return (hasBrowser()
                        ? AuthenticationFlowResolver.resolveBrowserFlow(authSession())
                        : AuthenticationFlowResolver.resolveDirectGrantFlow(authSession()))
                .getAlias();
    }

    /** Everything but the password grant, which asks at the token endpoint. */
    @Override
    public boolean hasBrowser() {
        Map<String, String> details = context.getEvent().getEvent().getDetails();
        boolean passwordGrant = details != null && PASSWORD_GRANT.equals(details.get(Details.AUTH_METHOD));
        return !passwordGrant && !isTokenEndpoint(context.getUriInfo().getPath());
    }

    /**
     * @param path below the server's root. Not a whole address: the one that people know may have another path than the server has,
     *     and Keycloak serves the endpoint with a slash at its end as well
     */
    static boolean isTokenEndpoint(String path) {
        return TOKEN_ENDPOINT.matcher(path).find();
    }

    @Override
    public EventBuilder event() {
        return context.getEvent();
    }

    /** Keycloak's event is about a required action here; what does not go on is the login. */
    @Override
    public EventBuilder refusal() {
        return context.getEvent().clone().event(EventType.LOGIN);
    }

    @Override
    public LoginFormsProvider form() {
        return context.form();
    }

    @Override
    public URI here() {
        return url(LoginActionsService.REQUIRED_ACTION, Constants.EXECUTION, requiredAction);
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
        context.challenge(answer);
    }

    /** Only a form's button leads here, which Keycloak asks {@code processAction}: there, a failure carries its message to the client. */
    @Override
    public void leave(String why) {
        context.failure(why);
    }

    @Override
    public void interactionRequired() {
        context.challenge(ClientAnswer.interactionRequired(this));
    }

    @Override
    public void startAgain() {
        context.challenge(Response.seeOther(url(RESTART, Constants.SKIP_LOGOUT, "true")).build());
    }

    /** Keycloak finds the SSO session by itself after required actions: it has the authentication session's id. */
    @Override
    public void attach(UserSessionModel sso) {}

    private URI url(String path, String parameter, String value) {
        return LoginActionsService.loginActionsBaseUrl(context.getUriInfo())
                .path(path)
                .queryParam(parameter, value)
                .queryParam(Constants.CLIENT_ID, authSession().getClient().getClientId())
                .queryParam(Constants.TAB_ID, authSession().getTabId())
                .queryParam(Constants.CLIENT_DATA, AuthenticationProcessor.getClientData(session(), authSession()))
                .build(realm().getName());
    }
}
