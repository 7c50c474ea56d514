package dev.jitapproval.keycloak.change;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.common.ClientConnection;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Keycloak's context of a required action, with another request or another event for the one that makes the change. */
record ChangeContext(RequiredActionContext keycloak, HttpRequest request, EventBuilder event) implements RequiredActionContext {

    @Override
    public HttpRequest getHttpRequest() {
        return request;
    }

    @Override
    public EventBuilder getEvent() {
        return event;
    }

    @Override
    public String getAction() {
        return keycloak.getAction();
    }

    @Override
    public URI getActionUrl(String code) {
        return keycloak.getActionUrl(code);
    }

    @Override
    public URI getActionUrl() {
        return keycloak.getActionUrl();
    }

    @Override
    public LoginFormsProvider form() {
        return keycloak.form();
    }

    @Override
    public Response getChallenge() {
        return keycloak.getChallenge();
    }

    @Override
    public UserModel getUser() {
        return keycloak.getUser();
    }

    @Override
    public RealmModel getRealm() {
        return keycloak.getRealm();
    }

    @Override
    public AuthenticationSessionModel getAuthenticationSession() {
        return keycloak.getAuthenticationSession();
    }

    @Override
    public ClientConnection getConnection() {
        return keycloak.getConnection();
    }

    @Override
    public UriInfo getUriInfo() {
        return keycloak.getUriInfo();
    }

    @Override
    public KeycloakSession getSession() {
        return keycloak.getSession();
    }

    @Override
    public RequiredActionConfigModel getConfig() {
        return keycloak.getConfig();
    }

    @Override
    public String generateCode() {
        return keycloak.generateCode();
    }

    @Override
    public Status getStatus() {
        return keycloak.getStatus();
    }

    @Override
    public String getErrorMessage() {
        return keycloak.getErrorMessage();
    }

    @Override
    public void challenge(Response response) {
        keycloak.challenge(response);
    }

    @Override
    public void failure(String errorMessage) {
        keycloak.failure(errorMessage);
    }

    @Override
    public void success() {
        keycloak.success();
    }

    @Override
    public void cancel() {
        keycloak.cancel();
    }

    @Override
    public void ignore() {
        keycloak.ignore();
    }
}
