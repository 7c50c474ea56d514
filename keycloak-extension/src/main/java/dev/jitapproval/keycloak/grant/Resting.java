package dev.jitapproval.keycloak.grant;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.context.OwnChange;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.gate.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.Constants;
import org.keycloak.models.FederatedIdentityModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionProvider;
import org.keycloak.models.utils.KeycloakModelUtils;
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
     * approval that opened the session can still be taken back. A change of one's own account is none that anybody gets in by.
     *
     * @param action of the context schema
     */
    public void note(AuthenticationSessionModel authSession, String action, Verdict.Pass pass) {
        if (OwnChange.is(action)) {
            return;
        }
        of(pass.requestId()).ifPresent(rests -> rests.note(authSession, action));
        SessionFacts.fromCookie(session, authSession)
                .map(known -> RestsOn.of(known, authSession.getClient().getId()))
                .ifPresent(before -> before.forEach((at, rests) -> {
                    if (!RestsOn.isNoted(authSession, at) && !isGood(rests)) {
                        RestsOn.forget(authSession, at);
                    }
                }));
    }

    /**
     * Notes what a client's session rests on, at a door where that is there already; its offline session as well, which Keycloak may have made
     * of it before.
     *
     * @param action of the context schema
     * @param requestId whose approval it is; null where nobody had to approve
     * @return what it rests on
     */
    public Optional<RestsOn> note(AuthenticatedClientSessionModel clientSession, String action, String requestId) {
        Optional<RestsOn> rests = of(requestId);
        rests.ifPresent(known -> {
            known.note(clientSession, action);
            follow(clientSession, offline -> known.note(offline, action));
        });
        return rests;
    }

    /**
     * Notes that the user's session rests on what let a client go on in it, by a token that Keycloak may have made no session for. It ends when
     * that is taken back; what the client got before goes on when that is over by itself.
     *
     * @param action of the context schema
     * @param requestId whose approval it is; null where nobody had to approve
     * @return what the token rests on
     */
    public Optional<RestsOn> noteToken(AuthenticatedClientSessionModel clientSession, String action, String requestId) {
        UserSessionModel known = clientSession.getUserSession();
        String client = clientSession.getClient().getId();
        Instant now = KeycloakClock.now();
        Optional<RestsOn> rests = of(requestId);
        RestsOn before = RestsOn.of(known, client).get(action);
        if (rests.isPresent() && !rests.get().isNotedForToken(known, action, client)) {
            onTheOneThatStays(known, staying -> rests.get().noteToken(staying, action, client, now));
        } else if (rests.isEmpty() && before != null && before.isOver(now)) {
            onTheOneThatStays(known, staying -> RestsOn.forgetTokens(staying, action, client, now));
        }
        return rests;
    }

    /** Has the offline session of a client rest on what its online session does: Keycloak copies notes once, at its first offline token. */
    public void followOffline(AuthenticatedClientSessionModel clientSession) {
        follow(clientSession, offline -> clientSession.getNotes().forEach((name, text) -> {
            if (RestsOn.isNote(name) && !text.equals(offline.getNote(name))) {
                offline.setNote(name, text);
            }
        }));
    }

    private void follow(AuthenticatedClientSessionModel clientSession, Consumer<AuthenticatedClientSessionModel> same) {
        UserSessionModel offline = session.sessions().getOfflineUserSession(realm, clientSession.getUserSession().getId());
        Optional.ofNullable(offline)
                .map(known -> known.getAuthenticatedClientSessionByClient(clientSession.getClient().getId()))
                .ifPresent(same);
    }

    /** Keycloak may work on a copy of a session, under the same id, that is gone after the request and hides the session itself until then. */
    private void onTheOneThatStays(UserSessionModel known, Consumer<UserSessionModel> change) {
        String copyOf = known.getNote(Constants.CREATED_FROM_PERSISTENT);
        if (copyOf == null) {
            change.accept(known);
            return;
        }
        boolean offline = Constants.CREATED_FROM_PERSISTENT_OFFLINE.equals(copyOf);
        KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), own -> {
            RealmModel same = own.realms().getRealm(realm.getId());
            own.getContext().setRealm(same);
            UserSessionModel staying = offline
                    ? own.sessions().getOfflineUserSession(same, known.getId())
                    : own.sessions().getUserSession(same, known.getId());
            if (staying == null) {
                throw new IllegalStateException("the session that a token comes of has ended");
            }
            change.accept(staying);
        });
    }

    /**
     * What a step rests on that was let through by an approval.
     *
     * @param requestId null where nobody had to approve
     */
    public Optional<RestsOn> of(String requestId) {
        if (requestId == null) {
            return Optional.empty();
        }
        ApprovalService approvals = JitApprovalProvider.of(session).approvals();
        ApprovalRequest request = approvals.find(realm.getId(), requestId)
                .orElseThrow(() -> new IllegalStateException("request " + requestId + " let a step through and is gone"));
        Optional<Grant> grant = Grants.of(session).find(realm.getId(), request.id());
        long approvedAt = grant.map(Grant::from).orElseGet(() -> approvedAt(approvals.history(request.id()).stream())).getEpochSecond();
        Long until = grant.map(known -> known.until().getEpochSecond()).orElse(null);
        return Optional.of(new RestsOn(request.id(), request.ruleId(), approvedAt, until));
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
     * Ends every session, online or offline, that rests on a request.
     *
     * @param told ends one of the online sessions, which may tell its clients before
     */
    void end(ApprovalRequest request, Consumer<UserSessionModel> told) {
        UserSessionProvider sessions = session.sessions();
        among(request, sessions::getUserSession, sessions::getUserSessionsStream).forEach(told);
        among(request, sessions::getOfflineUserSession, sessions::getOfflineUserSessionsStream)
                .forEach(known -> sessions.removeOfflineUserSession(realm, known));
    }

    /** Those of whom it was for, and the one in which it was used: who came through an identity provider may have no account that can be found. */
    private List<UserSessionModel> among(
            ApprovalRequest request,
            BiFunction<RealmModel, String, UserSessionModel> byId,
            BiFunction<RealmModel, UserModel, Stream<UserSessionModel>> byUser) {
        Stream<UserSessionModel> theirs = account(request.requester().id()).stream().flatMap(user -> byUser.apply(realm, user));
        Stream<UserSessionModel> first = Grants.of(session).find(realm.getId(), request.id()).stream()
                .flatMap(grant -> Stream.ofNullable(grant.usedOn().sessionId()))
                .flatMap(id -> Stream.ofNullable(byId.apply(realm, id)));
        Map<String, UserSessionModel> found = new LinkedHashMap<>();
        Stream.concat(theirs, first)
                .filter(known -> RestsOn.any(known, request.id()))
                .forEach(known -> found.putIfAbsent(known.getId(), known));
        return List.copyOf(found.values());
    }

    /** Whose sessions they are: the requester, or the account that has come of their identity at a provider meanwhile. */
    private Optional<UserModel> account(String requesterId) {
        Optional<Requester.Identity> identity = Requester.identity(requesterId);
        return identity.isPresent()
                ? identity.map(known -> new FederatedIdentityModel(known.provider(), known.subject(), null))
                        .map(link -> session.users().getUserByFederatedIdentity(realm, link))
                : Optional.ofNullable(session.users().getUserById(realm, requesterId));
    }

    /** The same, and tells nobody: outside of a HTTP request Keycloak cannot. */
    void end(ApprovalRequest request) {
        end(request, known -> session.sessions().removeUserSession(realm, known));
    }

    private static Instant approvedAt(Stream<ApprovalEvent> history) {
        return history.filter(event -> "approved".equals(event.kind()))
                .map(ApprovalEvent::at)
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IllegalStateException("an approval was used that nobody gave"));
    }
}
