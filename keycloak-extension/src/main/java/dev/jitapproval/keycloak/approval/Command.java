package dev.jitapproval.keycloak.approval;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What somebody wants to happen to a request. Whether it does is the fold's answer.
 *
 * @param kind what
 * @param shown what the actor's screen showed; required for {@code approve}, {@code deny} and an approver's {@code comment}
 * @param comment what the actor wrote, or null
 * @param acrReached whether the actor has reached the level that the current stage requires
 * @param matchCode the code that the actor typed, or null; compared without regard to case, blanks and dashes
 * @param code why the system cancels or revokes, or anybody lets it expire ({@code facts_changed}, …), or null
 * @param usedOn with {@code use}: what a grant will be bound to; null leaves it at this one use
 */
public record Command(
        Kind kind, Shown shown, String comment, boolean acrReached, String matchCode, String code, UsedOn usedOn) {

    /** What can be wanted. Opening has a method of its own: {@link ApprovalService#open}. */
    public enum Kind {
        APPROVE,
        DENY,
        COMMENT,
        CANCEL,
        USE,
        REVOKE,
        EXPIRE,
        /** Fires the deadlines that are due. */
        TICK;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was on the approver's screen; a vote on anything else is a conflict.
     *
     * @param digest of the facts
     * @param stage the stage's id
     */
    public record Shown(String digest, String stage) {}

    public Command {
        requireNonNull(kind, "kind");
    }

    /** An approver agrees. */
    public static Command approve(Shown shown, String comment) {
        return new Command(Kind.APPROVE, requireNonNull(shown), comment, false, null, null, null);
    }

    /** An approver refuses. */
    public static Command deny(Shown shown, String comment) {
        return new Command(Kind.DENY, requireNonNull(shown), comment, false, null, null, null);
    }

    /** An approver says something without deciding. */
    public static Command comment(Shown shown, String comment) {
        return new Command(Kind.COMMENT, shown, requireNonNull(comment), false, null, null, null);
    }

    /** The requester gives up. */
    public static Command cancel() {
        return new Command(Kind.CANCEL, null, null, false, null, null, null);
    }

    /**
     * The system ends a request that can no longer lead anywhere.
     *
     * @param code a stable word that says why, e.g. {@code facts_changed}
     */
    public static Command cancelBySystem(String code) {
        return new Command(Kind.CANCEL, null, null, false, null, requireNonNull(code), null);
    }

    /** The requester's step goes on; possible once. Where the request has a grant, it begins to be of use. */
    public static Command use(UsedOn on) {
        return new Command(Kind.USE, null, null, false, null, null, requireNonNull(on));
    }

    /** The requester's step goes on; possible once, whatever was granted. */
    public static Command use() {
        return new Command(Kind.USE, null, null, false, null, null, null);
    }

    /** An admin, or who approved it, takes an approval or its grant back. */
    public static Command revoke(String comment) {
        return new Command(Kind.REVOKE, null, comment, false, null, null, null);
    }

    /**
     * The system takes an approval or its grant back.
     *
     * @param code a stable word that says why, e.g. {@code user_removed}
     */
    public static Command revokeBySystem(String code) {
        return new Command(Kind.REVOKE, null, null, false, null, requireNonNull(code), null);
    }

    /**
     * An admin or the system ends a live request as if its time were up.
     *
     * @param code a stable word that says why, e.g. {@code by_admin}
     * @param comment what the admin wrote, or null
     */
    public static Command expire(String code, String comment) {
        return new Command(Kind.EXPIRE, null, comment, false, null, requireNonNull(code), null);
    }

    /** Fires the deadlines that are due. */
    public static Command tick() {
        return new Command(Kind.TICK, null, null, false, null, null, null);
    }

    /** The same, with what the actor wrote, or null. */
    public Command withComment(String written) {
        return new Command(kind, shown, written, acrReached, matchCode, code, usedOn);
    }

    /** The same, by an actor who has, or has not, reached the level that the stage requires. */
    public Command withAcrReached(boolean reached) {
        return new Command(kind, shown, comment, reached, matchCode, code, usedOn);
    }

    /** The same, with the code that the actor typed. */
    public Command withMatchCode(String typed) {
        return new Command(kind, shown, comment, acrReached, typed, code, usedOn);
    }
}
