package dev.jitapproval.keycloak.change;

import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.Constants;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.models.credential.RecoveryAuthnCodesCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/** The deletion of one of a person's credentials, as a plan that names it: never more of it than its label. */
final class Credentials {

    /** Keycloak's name for "all of this type, wherever they are", such as {@code otp-id}. */
    private static final String WHOLE_TYPE = "-id";

    private Credentials() {}

    /** The credential that the application named when it began the action. */
    static Optional<Planned> deletion(RequiredActionContext context) {
        return Optional.ofNullable(named(context)).map(id -> deletion(context.getUser(), id));
    }

    static Planned deletion(UserModel user, String credentialId) {
        CredentialModel credential = find(user, credentialId).orElse(null);
        if (credential == null) {
            String type = credentialId.endsWith(WHOLE_TYPE)
                    ? credentialId.substring(0, credentialId.length() - WHOLE_TYPE.length())
                    : credentialId;
            return Planned.of("delete-credential", field(type)).on("credential", credentialId, null);
        }
        String label = credential.getUserLabel();
        return Planned.of("delete-credential", field(credential.getType()))
                .on("credential", credentialId, label == null || label.isBlank() ? null : label);
    }

    /** Whether there is nothing to delete: Keycloak leaves such an action out. */
    static boolean isNone(RequiredActionContext context) {
        String id = named(context);
        return id == null || find(context.getUser(), id).isEmpty() && !id.endsWith(WHOLE_TYPE);
    }

    private static String named(RequiredActionContext context) {
        return context.getAuthenticationSession().getClientNote(Constants.KC_ACTION_PARAMETER);
    }

    private static Optional<CredentialModel> find(UserModel user, String credentialId) {
        CredentialModel stored = user.credentialManager().getStoredCredentialById(credentialId);
        return stored != null || !user.isFederated()
                ? Optional.ofNullable(stored)
                : user.credentialManager()
                        .getFederatedCredentialsStream()
                        .filter(federated -> credentialId.equals(federated.getId()))
                        .findAny();
    }

    /** The names of the context schema; an extension's own type has its own name. */
    private static String field(String type) {
        return switch (type) {
            case OTPCredentialModel.TYPE -> "otp";
            case RecoveryAuthnCodesCredentialModel.TYPE -> "recovery-codes";
            case WebAuthnCredentialModel.TYPE_TWOFACTOR -> "security-key";
            case WebAuthnCredentialModel.TYPE_PASSWORDLESS -> "passkey";
            default -> type;
        };
    }
}
