package dev.jitapproval.keycloak.doors;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How much an open door lets through. */
public enum Severity {
    /** A session, a token or an admin's power, without anybody having been asked. */
    HIGH,
    /** A change of an account, or more than was asked about. */
    MEDIUM,
    /** Worth knowing: it widens another door. */
    LOW;

    /** As the API and the metrics write it. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
