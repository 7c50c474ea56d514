package dev.jitapproval.keycloak.flow;

import org.keycloak.protocol.oidc.grants.device.DeviceGrantType;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The device that waits for a login in a browser: the device grant, RFC 8628. */
final class DeviceCode {

    private DeviceCode() {}

    /** Whether a person typed the code of a device, or opened its address, and this is the login by which they let it in. */
    static boolean isVerifiedIn(AuthenticationSessionModel authSession) {
        return DeviceGrantType.isOAuth2DeviceVerificationFlow(authSession);
    }

    /**
     * Lets the device hear of a refusal, whether or not the person leaves the page that tells them. Does nothing for a login that no device
     * waits for. A device that was refused cannot be let in by the same code any more.
     */
    static void deny(Door door) {
        if (isVerifiedIn(door.authSession())) {
            String userCode = door.authSession().getClientNote(DeviceGrantType.OAUTH2_DEVICE_VERIFIED_USER_CODE);
            DeviceGrantType.denyUserCode(door.session(), door.realm(), userCode);
        }
    }
}
