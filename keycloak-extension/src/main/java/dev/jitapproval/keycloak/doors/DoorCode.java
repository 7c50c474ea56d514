package dev.jitapproval.keycloak.doors;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The doors that the audit knows, by the name that stays: it is in the API, in the log and on a metric. */
public enum DoorCode {
    /** Signing in, with credentials or by a session that is there. */
    BROWSER_LOGIN(Severity.HIGH),
    /** Signing in to a client that has a browser flow of its own. */
    CLIENT_FLOW(Severity.HIGH),
    /** The forgotten password. */
    RESET_CREDENTIALS(Severity.HIGH),
    /** Self-registration. */
    REGISTRATION(Severity.HIGH),
    /** The first sign-in through an identity provider. */
    FIRST_BROKER_LOGIN(Severity.HIGH),
    /** Every other sign-in through an identity provider. */
    POST_BROKER_LOGIN(Severity.HIGH),
    /** A token for a user name and a password. */
    DIRECT_GRANT(Severity.HIGH),
    /** The registry protocol of Docker. */
    DOCKER(Severity.MEDIUM),
    /** Logins that go through a flow which nobody thought of. */
    GATE_OFF(Severity.MEDIUM),
    /** Tokens in an address, where no code is exchanged. */
    IMPLICIT_FLOW(Severity.LOW),
    /** A SAML assertion that nobody asked for. */
    SAML_IDP_INITIATED(Severity.LOW),
    /** Tokens of service accounts. */
    CLIENT_CREDENTIALS(Severity.HIGH),
    /** Tokens for devices. */
    DEVICE_GRANT(Severity.HIGH),
    /** Client-initiated backchannel authentication. */
    CIBA(Severity.HIGH),
    /** One token for another. */
    TOKEN_EXCHANGE(Severity.HIGH),
    /** The exchange of before, which can also act in another user's name. */
    LEGACY_TOKEN_EXCHANGE(Severity.HIGH),
    /** A token for somebody else's assertion. */
    JWT_GRANT(Severity.HIGH),
    /** New tokens for a refresh token. */
    TOKEN_REFRESH(Severity.LOW),
    /** Refresh tokens that outlive the session. */
    OFFLINE_ACCESS(Severity.MEDIUM),
    /** Credentials for a wallet. */
    VERIFIABLE_CREDENTIALS(Severity.MEDIUM),
    /** A user's own changes, in a browser. */
    ACCOUNT_CHANGES(Severity.MEDIUM),
    /** A user's own changes, by a token. */
    ACCOUNT_API(Severity.MEDIUM),
    /** The pages from which users make them. */
    ACCOUNT_CONSOLE(Severity.LOW),
    /** What administrators do over REST. */
    ADMIN_API(Severity.HIGH),
    /** Being somebody else. */
    IMPERSONATION(Severity.HIGH),
    /** Administrators by permission, beside those by role. */
    FINE_GRAINED_ADMIN(Severity.LOW),
    /** Users and groups by SCIM. */
    SCIM(Severity.MEDIUM),
    /** A change of the policy itself. */
    ACTIVATE_POLICY(Severity.HIGH),
    /** A policy that looks on. */
    POLICY_OBSERVES(Severity.HIGH),
    /** Who a start-up option lets past. */
    ADMIN_BYPASS(Severity.LOW);

    private final Severity severity;

    DoorCode(Severity severity) {
        this.severity = severity;
    }

    /** How much the door lets through where it is open. */
    public Severity severity() {
        return severity;
    }

    /** As the API, the log and the metrics write it. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
