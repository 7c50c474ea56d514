package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where a request stands: always what the fold over its events says. */
public enum RequestStatus {
    /** Approvers are asked. */
    @JsonProperty("pending")
    PENDING,
    /** Every stage has agreed; the step has not gone on yet. */
    @JsonProperty("approved")
    APPROVED,
    /** An approver, or the system, said no. */
    @JsonProperty("denied")
    DENIED,
    /** The requester gave up. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** Nobody decided in time, or nobody used the approval in time. */
    @JsonProperty("expired")
    EXPIRED,
    /** The approval was spent on its step. */
    @JsonProperty("used")
    USED,
    /** An approval was taken back. */
    @JsonProperty("revoked")
    REVOKED;

    /** The name in the wire format and in the database. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #wireName()}. */
    public static RequestStatus ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Whether something can still happen to the request. */
    public boolean isLive() {
        return this == PENDING || this == APPROVED;
    }
}
