package dev.jitapproval.keycloak.change;

import java.util.Optional;
import org.keycloak.authentication.CredentialAction;
import org.keycloak.authentication.CredentialRegistrator;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.authentication.requiredactions.DeleteAccount;
import org.keycloak.authentication.requiredactions.DeleteCredentialAction;
import org.keycloak.authentication.requiredactions.RecoveryAuthnCodesAction;
import org.keycloak.authentication.requiredactions.UpdatePassword;
import org.keycloak.authentication.requiredactions.UpdateTotp;
import org.keycloak.authentication.requiredactions.WebAuthnPasswordlessRegisterFactory;
import org.keycloak.authentication.requiredactions.WebAuthnRegisterFactory;
import org.keycloak.broker.provider.IdpLinkAction;
import org.keycloak.models.KeycloakSession;

/** Keycloak's required actions that have their gate before the form. */
public final class GatedActions {

    private GatedActions() {}

    /** Of a plan that needs no look at what is there. */
    private static GatedAction.Plan plan(String action, String field) {
        return context -> Optional.of(Planned.of(action, field));
    }

    /** {@code UPDATE_PASSWORD}. */
    public static final class Password extends GatedActionFactory {

        public Password() {
            super(new UpdatePassword());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider action) {
            return new GatedAction(action, plan("update-password", "password"));
        }
    }

    private static RequiredActionProvider registration(RequiredActionProvider keycloak, String action, String field) {
        return new GatedCredentialAction.Registrator(keycloak, (CredentialRegistrator) keycloak, plan(action, field));
    }

    /**
     * {@code CONFIGURE_TOTP}. Keycloak's own class, as are the two of WebAuthn: its authenticators cast the factory to it when a user has no
     * such credential.
     */
    public static final class Otp extends UpdateTotp {

        @Override
        public RequiredActionProvider create(KeycloakSession session) {
            return registration(super.create(session), "configure-otp", "otp");
        }

        @Override
        public int order() {
            return GatedActionFactory.ORDER;
        }
    }

    /** {@code CONFIGURE_RECOVERY_AUTHN_CODES}. */
    public static final class RecoveryCodes extends GatedActionFactory {

        public RecoveryCodes() {
            super(new RecoveryAuthnCodesAction());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider keycloak) {
            return registration(keycloak, "configure-otp", "recovery-codes");
        }
    }

    /** {@code webauthn-register}. */
    public static final class SecurityKey extends WebAuthnRegisterFactory {

        @Override
        public RequiredActionProvider create(KeycloakSession session) {
            return registration(super.create(session), "webauthn-register", "security-key");
        }

        @Override
        public int order() {
            return GatedActionFactory.ORDER;
        }
    }

    /** {@code webauthn-register-passwordless}. */
    public static final class Passkey extends WebAuthnPasswordlessRegisterFactory {

        @Override
        public RequiredActionProvider create(KeycloakSession session) {
            return registration(super.create(session), "webauthn-register", "passkey");
        }

        @Override
        public int order() {
            return GatedActionFactory.ORDER;
        }
    }

    /** {@code delete_credential}. */
    public static final class CredentialDeletion extends GatedActionFactory {

        public CredentialDeletion() {
            super(new DeleteCredentialAction());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider keycloak) {
            return new GatedCredentialAction(keycloak, (CredentialAction) keycloak, Credentials::deletion) {
                @Override
                boolean isDoneAlready(RequiredActionContext context) {
                    return Credentials.isNone(context);
                }
            };
        }
    }

    /** {@code delete_account}. */
    public static final class AccountDeletion extends GatedActionFactory {

        public AccountDeletion() {
            super(new DeleteAccount());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider action) {
            return new GatedAction(action, context -> Optional.of(new Planned("delete-account", null, null)));
        }
    }

    /** {@code idp_link}. */
    public static final class IdentityProviderLink extends GatedActionFactory {

        public IdentityProviderLink() {
            super(new IdpLinkAction());
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider action) {
            return new GatedAction(action, Links::link);
        }
    }
}
