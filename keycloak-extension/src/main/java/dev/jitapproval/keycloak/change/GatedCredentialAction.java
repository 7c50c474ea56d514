package dev.jitapproval.keycloak.change;

import org.keycloak.authentication.CredentialAction;
import org.keycloak.authentication.CredentialRegistrator;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.authentication.requiredactions.WebAuthnRegister;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/** One whose credential Keycloak asks about, to find out how strongly somebody has to sign in for it. */
class GatedCredentialAction extends GatedAction implements CredentialAction {

    private final CredentialAction keycloak;

    /** @param credential the same action once more, as the one that knows its credential */
    GatedCredentialAction(RequiredActionProvider keycloak, CredentialAction credential, Plan plan) {
        super(keycloak, plan);
        this.keycloak = credential;
    }

    @Override
    public String getCredentialType(KeycloakSession session, AuthenticationSessionModel authSession) {
        return keycloak.getCredentialType(session, authSession);
    }

    /** One that makes a new credential. */
    static final class Registrator extends GatedCredentialAction implements CredentialRegistrator {

        private final boolean isWebAuthn;

        Registrator(RequiredActionProvider keycloak, CredentialRegistrator credential, Plan plan) {
            super(keycloak, credential, plan);
            this.isWebAuthn = keycloak instanceof WebAuthnRegister;
        }

        /** An application may ask for a security key or a passkey only where there is none. */
        @Override
        boolean isDoneAlready(RequiredActionContext context) {
            AuthenticationSessionModel authSession = context.getAuthenticationSession();
            return isWebAuthn
                    && Constants.KC_ACTION_PARAMETER_SKIP_IF_EXISTS.equals(authSession.getClientNote(Constants.KC_ACTION_PARAMETER))
                    && context.getUser()
                            .credentialManager()
                            .getStoredCredentialsByTypeStream(getCredentialType(context.getSession(), authSession))
                            .findAny()
                            .isPresent();
        }
    }
}
