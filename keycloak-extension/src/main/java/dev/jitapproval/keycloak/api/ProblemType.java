package dev.jitapproval.keycloak.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be wrong with a call, as docs/api.md lists it. The {@link #code()} and the {@link #uri()} are stable; clients branch on them.
 * The rejections of the approval state machine are problems under their own codes.
 */
public enum ProblemType {
    /** The request is not understood; a problem of Keycloak's own that is told no closer. */
    BAD_REQUEST(400, "The request is not understood"),
    /** The body is no JSON, or JSON that is too deep or names a member twice. */
    MALFORMED_JSON(400, "The body is not the JSON that it should be"),
    /** The body is JSON, but not what this call takes. */
    INVALID_BODY(400, "The body does not have the form that this call takes"),
    /** A query parameter that this call does not know. */
    UNKNOWN_PARAMETER(400, "This call has no such query parameter"),
    /** A query parameter or header with a value that is no use. */
    INVALID_PARAMETER(400, "A parameter has a value that is no use"),
    /** No bearer token, or one that is not valid for this realm. */
    UNAUTHORIZED(401, "A valid access token is needed"),
    /** The sign-in behind the token is not strong or not fresh enough; RFC 9470 says what to ask for. */
    ACR_REQUIRED(401, "The stage asks for a stronger sign-in"),
    SIGN_IN_TOO_OLD(401, "The sign-in is too long ago"),
    /** The policy asks for a stronger sign-in behind the token; RFC 9470 says what to ask for. */
    STEP_UP_REQUIRED(401, "A stronger sign-in is needed"),
    /** The token is valid, but its owner may not do this. */
    FORBIDDEN(403, "Not allowed"),
    /** The token was not made for these calls: no audience, or no scope. */
    INSUFFICIENT_SCOPE(403, "The access token was not made for this"),
    /** The token is not of a kind that may decide: nobody has signed in for it, or somebody else has. */
    TOKEN_NOT_ACCEPTED(403, "This kind of access token may not decide"),
    /** The policy asks for an approval; the member {@code request} names the request that waits for it. */
    APPROVAL_REQUIRED(403, "An approval is needed first"),
    /** The approval request for this very call was denied, or ended otherwise. */
    APPROVAL_REFUSED(403, "The approval was refused"),
    /** A rule of the policy denies it. */
    DENIED_BY_POLICY(403, "The policy denies this"),
    /** There is no such thing, or none that the caller may know of. */
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "This resource has no such method"),
    NOT_ACCEPTABLE(406, "The answer cannot be had in that form"),
    /** What is asked for contradicts what there is; on a vote: what was shown is not what is pinned and current. */
    CONFLICT(409, "Not as things stand"),
    /** The call does several things that the policy asks about; an approval for one would be lost on the others. */
    ONE_AT_A_TIME(409, "These belong into calls of their own"),
    /** Another call with the same idempotency key is under way. */
    IDEMPOTENCY_IN_PROGRESS(409, "The same call is under way"),
    /** The entity tag that the caller named is no longer the current one. */
    PRECONDITION_FAILED(412, "It has changed meanwhile"),
    BODY_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON"),
    /** The idempotency key was used for something else. */
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another call"),
    /** The policy that was sent, or is to be activated, has errors: the member {@code diagnostics} lists them all. */
    POLICY_INVALID(422, "The policy has errors"),
    /** Files are the only source of policies of this server: the option {@code policies-dir}. */
    POLICIES_FROM_FILES(409, "Policies come from files here"),
    /** No other version of the policy was active before. */
    NOTHING_TO_ROLL_BACK(409, "There is no version to go back to"),
    /** The policy asks for a confirmation; the member {@code confirm} says of what. */
    CONFIRMATION_REQUIRED(428, "A confirmation is needed"),
    /** The chain of approvers asks why. */
    JUSTIFICATION_REQUIRED(428, "A justification is needed"),
    TOO_MANY_REQUESTS(429, "Too many calls"),
    INTERNAL_ERROR(500, "The server failed"),
    /** The engine or the database cannot answer; nothing was recorded. */
    UNAVAILABLE(503, "The server cannot answer now"),

    // Rejections of the approval state machine; see docs/wire-format.md.
    NOT_OPEN(409, "The request was never opened"),
    TERMINAL(409, "The request has ended"),
    NOT_APPROVED(409, "The request is not approved"),
    SELF_APPROVAL(403, "Nobody decides on their own request"),
    NOT_ELIGIBLE(403, "The current stage does not ask you"),
    ALREADY_VOTED(409, "You have decided already"),
    COMMENT_REQUIRED(422, "The stage asks for a comment"),
    COMMENT_TOO_LONG(422, "The comment is too long"),
    TOO_MANY_COMMENTS(409, "There are too many comments already"),
    MATCH_CODE_REQUIRED(422, "The stage asks for the code on the requester's page"),
    NOT_REQUESTER(403, "Only the requester may do this"),
    NOT_ALLOWED(403, "This kind of caller may not do this"),
    TOO_MANY_ELIGIBLE(409, "Too many people would have to agree"),
    ELIGIBILITY_UNKNOWN(503, "Who has to agree cannot be looked up");

    private static final String URI_PREFIX = "tag:jit-approval.dev,2026:problem/";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status that it comes with. */
    public int status() {
        return status;
    }

    /** A short summary that does not change from one occurrence to the next. */
    public String title() {
        return title;
    }

    /** The member {@code code}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The member {@code type}: a tag URI (RFC 4151), which names the problem and is no address. */
    public String uri() {
        return URI_PREFIX + code();
    }

    /** The problem that a rejection of the state machine is; empty for a code that is not known here. */
    public static Optional<ProblemType> ofRejection(String code) {
        return Arrays.stream(values()).filter(type -> type.code().equals(code)).findFirst();
    }

    /** The least specific problem with a status, for errors that Keycloak raised itself. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 409 -> CONFLICT;
            case 412 -> PRECONDITION_FAILED;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> UNAVAILABLE;
            default -> status >= 500 ? INTERNAL_ERROR : BAD_REQUEST;
        };
    }
}
