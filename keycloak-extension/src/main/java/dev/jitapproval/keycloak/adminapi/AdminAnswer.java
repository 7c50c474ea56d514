package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.adminapi.AdminDoor.Deed;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.api.ProblemType;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.gate.Verdict;
import java.net.URI;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What an administrator is told whose call is not carried out: a problem, with the members that Keycloak's admin console and kcadm show.
 */
final class AdminAnswer {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Administrator admin;
    private final Repeat repeat;

    AdminAnswer(KeycloakSession session, RealmModel realm, Administrator admin, Repeat repeat) {
        this.session = session;
        this.realm = realm;
        this.admin = admin;
        this.repeat = repeat;
    }

    /** @param verdict any but a pass */
    Problem to(Deed deed, Verdict verdict) {
        if (verdict instanceof Verdict.Hold hold) {
            return about(hold.request(), ProblemType.APPROVAL_REQUIRED, "The policy of the realm " + realm.getName()
                    + " asks for an approval before " + deed.action() + ". The request " + hold.request().id()
                    + " waits for it; send the same call again once it is approved.");
        }
        if (verdict instanceof Verdict.Ended ended) {
            return about(ended.request(), ProblemType.APPROVAL_REFUSED, "The approval request " + ended.request().id() + " is "
                    + ended.request().status().wireName() + ", so nothing was done.");
        }
        if (verdict instanceof Verdict.InteractionNeeded needed) {
            return missing(needed.decision());
        }
        if (verdict instanceof Verdict.Refuse refuse) {
            return refused(deed, refuse);
        }
        throw new IllegalStateException("an administrator's call has no answer to the verdict " + verdict);
    }

    /** @param actions which would each have to be asked about */
    static Problem oneAtATime(List<String> actions) {
        return shown(ProblemType.ONE_AT_A_TIME, "This call does several things that the policy asks about: " + String.join(", ", actions)
                        + ". Do them in calls of their own.")
                .with("actions", actions);
    }

    /** @param what is given, such as {@code role} */
    static Problem tooMany(String what, int count, int most) {
        return shown(ProblemType.ONE_AT_A_TIME, "This call names " + count + " of the kind '" + what + "', and the policy asks about them: at most "
                + most + " go into one call.");
    }

    /** What cannot be read cannot be judged by a rule that is narrowed to what the body says. */
    static Problem unreadable() {
        return shown(ProblemType.BAD_REQUEST, "The policy asks about this call, and its body is not JSON that could be read.");
    }

    /** @param most bytes */
    static Problem tooLarge(int most) {
        return shown(ProblemType.BODY_TOO_LARGE, "The policy asks about this call, and its body has more than " + most + " bytes.");
    }

    static Problem unavailable() {
        return shown(ProblemType.UNAVAILABLE, "The checkpoint cannot decide now, so nothing was done. The server's log says why.");
    }

    private Problem missing(Decision decision) {
        boolean confirm = decision.obligations().confirm() && !decision.digest().equals(repeat.confirmed());
        return confirm
                ? shown(ProblemType.CONFIRMATION_REQUIRED, why(decision, "The policy asks you to confirm this.")
                                + " Send the same call again with the header " + Repeat.CONFIRM + ": " + decision.digest())
                        .with("confirm", decision.digest())
                : shown(ProblemType.JUSTIFICATION_REQUIRED, "The policy asks why. Send the same call again with the header "
                        + Repeat.JUSTIFY + ", at most 1000 characters in percent encoding.");
    }

    private static Problem refused(Deed deed, Verdict.Refuse refuse) {
        return switch (refuse.why()) {
            case POLICY -> shown(ProblemType.DENIED_BY_POLICY, why(refuse.decision(), "The policy denies " + deed.action() + "."));
            case STEP_UP -> {
                String acr = refuse.decision().obligations().acr();
                yield shown(ProblemType.STEP_UP_REQUIRED, "The policy asks for a sign-in of the level " + acr + " first.")
                        .with("acr_values", acr)
                        .challenge("error=\"insufficient_user_authentication\", acr_values=\"" + acr + "\"");
            }
            case TOO_MANY_REQUESTS -> shown(ProblemType.TOO_MANY_REQUESTS,
                    "You have too many open approval requests; wait until some are decided, or cancel them.");
            case ACCOUNT -> shown(ProblemType.FORBIDDEN, "Your account is locked or disabled.");
            case APPROVER_CLIENT -> shown(ProblemType.FORBIDDEN, "The client of the approvers is for reviews only.");
            case NO_POLICY, UNAVAILABLE -> unavailable();
        };
    }

    private static String why(Decision decision, String otherwise) {
        return decision == null || decision.reason() == null ? otherwise : decision.reason();
    }

    private Problem about(ApprovalRequest request, ProblemType type, String detail) {
        return shown(type, detail)
                .with("request", request.id())
                .with("request_status", request.status().wireName())
                .with("follow", follow(request.id()).toString());
    }

    /** Requesters of the realm itself read their request by the people's API; for those of another one there is only the admin API. */
    private URI follow(String requestId) {
        String below = admin.home().equals(realm) ? "realms" : "admin/realms";
        return session.getContext().getUri().getBaseUriBuilder()
                .path(below).path(realm.getName()).path("jit-approval").path("requests").path(requestId)
                .build();
    }

    /** The admin console shows {@code errorMessage}; OAuth's names are for everything else of Keycloak's. */
    private static Problem shown(ProblemType type, String detail) {
        return Problem.of(type, detail).with("error", type.code()).with("error_description", detail).with("errorMessage", detail);
    }
}
