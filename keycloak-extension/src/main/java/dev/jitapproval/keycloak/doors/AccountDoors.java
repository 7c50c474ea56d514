package dev.jitapproval.keycloak.doors;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keycloak.authentication.requiredactions.DeleteAccount;
import org.keycloak.authentication.requiredactions.DeleteCredentialAction;
import org.keycloak.authentication.requiredactions.WebAuthnPasswordlessRegisterFactory;
import org.keycloak.authentication.requiredactions.WebAuthnRegisterFactory;
import org.keycloak.common.Profile;
import org.keycloak.common.Profile.Feature;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserModel.RequiredAction;

/** The doors through which users change their own accounts. */
final class AccountDoors {

    /** What each of Keycloak's required actions is in the context schema. One that is not registered cannot be started. */
    private static final Map<String, String> CHANGES = new TreeMap<>(Map.of(
            RequiredAction.UPDATE_PROFILE.name(), "update-profile",
            RequiredAction.UPDATE_EMAIL.name(), "update-email",
            RequiredAction.UPDATE_PASSWORD.name(), "update-password",
            RequiredAction.CONFIGURE_TOTP.name(), "configure-otp",
            RequiredAction.CONFIGURE_RECOVERY_AUTHN_CODES.name(), "configure-otp",
            WebAuthnRegisterFactory.PROVIDER_ID, "webauthn-register",
            WebAuthnPasswordlessRegisterFactory.PROVIDER_ID, "webauthn-register",
            DeleteCredentialAction.PROVIDER_ID, "delete-credential",
            DeleteAccount.PROVIDER_ID, "delete-account",
            "idp_link", "link-idp"));

    /** What the account API can do by itself. */
    private static final List<String> BY_API = List.of("delete-credential", "link-idp", "update-email", "update-profile");

    private final RealmModel realm;
    private final Guard guard;

    AccountDoors(RealmModel realm, Guard guard) {
        this.realm = realm;
        this.guard = guard;
    }

    Stream<OpenDoor> open() {
        List<String> changes = CHANGES.entrySet().stream()
                .filter(change -> isOn(change.getKey()) && !guard.rules(change.getValue()))
                .map(change -> change.getKey() + " (" + change.getValue() + ")")
                .toList();
        Stream<OpenDoor> actions = OpenDoor.about(DoorCode.ACCOUNT_CHANGES, changes,
                "Users make these changes without a rule on the action in parentheses",
                "Write rules on the actions, or disable the required actions.");
        Stream<OpenDoor> api = isOn(Feature.ACCOUNT_API, Constants.ACCOUNT_MANAGEMENT_CLIENT_ID)
                ? OpenDoor.about(DoorCode.ACCOUNT_API, guard.unruled(BY_API),
                        "A token changes its owner's account over REST without a rule on",
                        "Write rules on the actions, disable the client account, or start the server without the feature account-api.")
                : Stream.empty();
        Stream<OpenDoor> console = isOn(Feature.ACCOUNT_V3, Constants.ACCOUNT_CONSOLE_CLIENT_ID)
                ? OpenDoor.about(DoorCode.ACCOUNT_CONSOLE, changes,
                        "The account console offers changes that no rule is on",
                        "Write rules on the actions, or disable the client account-console.")
                : Stream.empty();
        return Stream.of(actions, api, console).flatMap(doors -> doors);
    }

    private boolean isOn(String requiredAction) {
        RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias(requiredAction);
        return action != null && action.isEnabled();
    }

    private boolean isOn(Feature feature, String clientId) {
        ClientModel client = realm.getClientByClientId(clientId);
        return Profile.isFeatureEnabled(feature) && client != null && client.isEnabled();
    }
}
