package dev.jitapproval.keycloak.grant;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.gate.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Which sessions rest on an approval, from the moment that they are begun until they are ended with it. */
public final class Resting {

    private final KeycloakSession session;
    private final RealmModel realm;

    /** In the realm of the session's context. */
    public Resting(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    /**
     * Notes what the login at hand rests on. One that nobody had to approve leaves what was noted before as it is while that is good: an
     * approval that opened the session can still be taken back.
     */
    public void note(AuthenticationSessionModel authSession, Verdict.Pass pass) {
        Optional<RestsOn> rests = of(pass);
        if (rests.isPresent()) {
            rests.get().note(authSession);
            return;
        }
        Optional<RestsOn> before = SessionFacts.fromCookie(session, authSession)
                .flatMap(known -> RestsOn.of(known, authSession.getClient().getId()));
        if (before.isPresent() && !isGood(before.get())) {
            RestsOn.forget(authSession);
        }
    }

    /** Notes what a client's session rests on, at a door where that is there already. */
    public void note(AuthenticatedClientSessionModel clientSession, Verdict.Pass pass) {
        of(pass).ifPresent(rests -> rests.note(clientSession));
    }

    /** Whether a session that rests on this may go on. */
    public boolean isGood(RestsOn rests) {
        if (rests.until() == null) {
            return true;
        }
        Instant now = KeycloakClock.now();
        return !rests.isOver(now)
                && Grants.of(session).find(realm.getId(), rests.request()).filter(grant -> grant.isLive(now)).isPresent();
    }

    /**
     * Ends every session, online or offline, of whom the request was for and that rests on it.
     *
     * @param told ends one of the online sessions, which may tell its clients before
     */
    void end(ApprovalRequest request, Consumer<UserSessionModel> told) {
        UserModel user = session.users().getUserById(realm, request.requester().id());
        if (user == null) {
            return;
        }
        session.sessions().getUserSessionsStream(realm, user)
                .filter(known -> RestsOn.any(known, request.id()))
                .toList()
                .forEach(told);
        session.sessions().getOfflineUserSessionsStream(realm, user)
                .filter(known -> RestsOn.any(known, request.id()))
                .toList()
                .forEach(known -> session.sessions().removeOfflineUserSession(realm, known));
    }

    /** The same, and tells nobody: outside of a HTTP request Keycloak cannot. */
    void end(ApprovalRequest request) {
        end(request, known -> session.sessions().removeUserSession(realm, known));
    }

    private Optional<RestsOn> of(Verdict.Pass pass) {
        if (pass.requestId() == null) {
            return Optional.empty();
        }
        ApprovalService approvals = JitApprovalProvider.of(session).approvals();
        ApprovalRequest request = approvals.find(realm.getId(), pass.requestId())
                .orElseThrow(() -> new IllegalStateException("request " + pass.requestId() + " let a step through and is gone"));
        Optional<Grant> grant = Grants.of(session).find(realm.getId(), request.id());
        long approvedAt = grant.map(Grant::from).orElseGet(() -> approvedAt(approvals.history(request.id()).stream())).getEpochSecond();
        Long until = grant.map(known -> known.until().getEpochSecond()).orElse(null);
        return Optional.of(new RestsOn(request.id(), request.ruleId(), approvedAt, until));
    }

    private static Instant approvedAt(Stream<ApprovalEvent> history) {
        return history.filter(event -> "approved".equals(event.kind()))
                .map(ApprovalEvent::at)
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException("an approval was used that nobody gave"));
    }
}
