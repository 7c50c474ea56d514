package dev.jitapproval.keycloak.flow;

import org.keycloak.Config;
import org.keycloak.dom.saml.v2.protocol.AuthnRequestType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.protocol.saml.preprocessor.SamlAuthenticationPreprocessor;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Notes that a SAML request asks not to ask anything ({@code IsPassive}), as {@code prompt=none} does in OpenID Connect. Keycloak tells no step
 * of a flow, so a request would be opened, and approvers asked, for somebody who is not shown a page to wait on.
 */
public final class PassiveSaml implements SamlAuthenticationPreprocessor {

    private static final String NOTE = "jit.passive";

    static boolean is(AuthenticationSessionModel authSession) {
        return "true".equals(authSession.getAuthNote(NOTE));
    }

    @Override
    public AuthnRequestType beforeProcessingLoginRequest(AuthnRequestType request, AuthenticationSessionModel authSession) {
        if (Boolean.TRUE.equals(request.isIsPassive())) {
            authSession.setAuthNote(NOTE, "true");
        }
        return request;
    }

    @Override
    public SamlAuthenticationPreprocessor create(KeycloakSession session) {
        return this;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}

    @Override
    public String getId() {
        return "jit-approval";
    }
}
