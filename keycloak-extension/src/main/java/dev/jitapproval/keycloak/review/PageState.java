package dev.jitapproval.keycloak.review;

import jakarta.ws.rs.core.Response.Status;
import java.util.Locale;

/** What the review page shows; {@code data-state} in its HTML. Only {@link #OPEN} has buttons. */
enum PageState {
    /** The person can decide. */
    OPEN(Status.OK),
    /** Others, or the person before, have decided; or it is another's turn now. */
    DECIDED(Status.OK),
    EXPIRED(Status.OK),
    CANCELLED(Status.OK),
    /** The stage wants a stronger sign-in than this one. */
    STEP_UP(Status.OK),
    /** What the person decided on is not what there is now; nothing was recorded. */
    CONFLICT(Status.CONFLICT),
    NOT_ELIGIBLE(Status.FORBIDDEN),
    /** The person's own request. */
    SELF(Status.FORBIDDEN),
    /** The sign-in was started by another application. */
    WRONG_CLIENT(Status.FORBIDDEN),
    /** The form came from somewhere else, or without a decision; nothing was recorded. */
    REFUSED(Status.FORBIDDEN),
    NOT_FOUND(Status.NOT_FOUND),
    /** The engine or the database cannot answer; nothing was recorded. */
    UNAVAILABLE(Status.SERVICE_UNAVAILABLE);

    private final Status status;

    PageState(Status status) {
        this.status = status;
    }

    /** The HTTP status of the page. */
    Status status() {
        return status;
    }

    /** The value of {@code data-state}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the page may tell anything about the request. */
    boolean tellsFacts() {
        return switch (this) {
            case OPEN, DECIDED, EXPIRED, CANCELLED, STEP_UP, CONFLICT -> true;
            default -> false;
        };
    }
}
