package dev.jitapproval.keycloak.change;

import java.util.Optional;
import org.keycloak.authentication.CredentialAction;
import org.keycloak.authentication.CredentialRegistrator;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.authentication.requiredactions.DeleteAccount;
import org.keycloak.authentication.requiredactions.DeleteCredentialAction;
import org.keycloak.authentication.requiredactions.RecoveryAuthnCodesAction;
import org.keycloak.authentication.requiredactions.UpdatePassword;
import org.keycloak.authentication.requiredactions.UpdateTotp;
import org.keycloak.authentication.requiredactions.WebAuthnPasswordlessRegisterFactory;
import org.keycloak.authentication.requiredactions.WebAuthnRegisterFactory;
import org.keycloak.broker.provider.IdpLinkAction;

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

    /** Makes a credential. */
    private abstract static class Registration extends GatedActionFactory {

        private final String action;
        private final String field;

        Registration(RequiredActionFactory keycloak, String action, String field) {
            super(keycloak);
            this.action = action;
            this.field = field;
        }

        @Override
        RequiredActionProvider behindGate(RequiredActionProvider keycloak) {
            return new GatedCredentialAction.Registrator(keycloak, (CredentialRegistrator) keycloak, plan(action, field));
        }
    }

    /** {@code CONFIGURE_TOTP}. */
    public static final class Otp extends Registration {

        public Otp() {
            super(new UpdateTotp(), "configure-otp", "otp");
        }
    }

    /** {@code CONFIGURE_RECOVERY_AUTHN_CODES}. */
    public static final class RecoveryCodes extends Registration {

        public RecoveryCodes() {
            super(new RecoveryAuthnCodesAction(), "configure-otp", "recovery-codes");
        }
    }

    /** {@code webauthn-register}. */
    public static final class SecurityKey extends Registration {

        public SecurityKey() {
            super(new WebAuthnRegisterFactory(), "webauthn-register", "security-key");
        }
    }

    /** {@code webauthn-register-passwordless}. */
    public static final class Passkey extends Registration {

        public Passkey() {
            super(new WebAuthnPasswordlessRegisterFactory(), "webauthn-register", "passkey");
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
