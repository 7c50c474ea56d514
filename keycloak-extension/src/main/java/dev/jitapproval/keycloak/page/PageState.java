package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.engine.RequestStatus;
import java.util.Locale;

/** What a page of the requester says; its {@code data-state}, which scripts and tests may rely on. */
public enum PageState {
    WAITING,
    JUSTIFY,
    CONFIRM,
    APPROVED,
    DENIED,
    CANCELLED,
    EXPIRED,
    USED,
    SESSION_LOST,
    HOLD_MAX,
    ERROR;

    /** The value of {@code data-state}. */
    public String attribute() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the requester is shown about a request in this status. */
    public static PageState of(RequestStatus status) {
        return switch (status) {
            case PENDING -> WAITING;
            case APPROVED -> APPROVED;
            case DENIED, REVOKED -> DENIED;
            case CANCELLED -> CANCELLED;
            case EXPIRED -> EXPIRED;
            case USED -> USED;
        };
    }
}
