package dev.jitapproval.keycloak.approval;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one door to approval requests: opens them, finds them, and is the only place that changes them.
 *
 * <p><b>Transactions.</b> Everything that changes a request runs in a session and a transaction of its own, committed before the
 * method returns. So a request is durable before anybody sees it, a caller that later rolls back takes nothing back, and whoever
 * loses a race can try again from the start (a PostgreSQL transaction is of no use after a unique key collided in it). It
 * follows that a change does not see what the caller's own transaction has not committed yet, such as a user who was just created.
 * Reading runs in the caller's transaction and always sees what is committed.
 *
 * <p><b>Time.</b> A deadline that is due fires before anything is read or changed, so that no caller ever sees a request as pending
 * whose time is up.
 *
 * <p>Where the engine or the database cannot answer, every method throws; a caller takes that as a no.
 */
public interface ApprovalService {

    /**
     * Opens a request, or finds the live one that this browser already has under the same key (two tabs race for it; both get the
     * same). Whether it is the same in substance is for the caller to see from {@link ApprovalRequest#digest()}.
     *
     * @return the request, which may already be denied because nobody is eligible; a rejection, with no request, where the
     *     chain asks for a justification and there is none
     */
    Outcome open(NewRequest request);

    /** The request with this id in this realm. */
    Optional<ApprovalRequest> find(String realmId, String requestId);

    /** This browser's pending or approved request. */
    Optional<ApprovalRequest> findLive(RequestKey key);

    /** The request that was opened last under this key, whatever became of it. */
    Optional<ApprovalRequest> findLatest(RequestKey key);

    /** Pending and approved requests of a user, from every browser, newest first; at most 100. */
    List<ApprovalRequest> findLiveOfUser(String realmId, String userId);

    /** Pending and approved requests for a client, of everybody, newest first; at most 100. */
    List<ApprovalRequest> findLiveOfClient(String realmId, String clientId);

    /**
     * Pending and approved requests of all realms in the order of their ids, for going through all of them.
     *
     * @param id the last one's id of the batch before; empty for the first batch
     */
    List<ApprovalRequest> findLiveAfter(String id, int max);

    /** Pending requests of a realm, oldest first, at most {@code max}. */
    List<ApprovalRequest> findPending(String realmId, int max);

    /** Requests on which a user has voted and that changed since then, the latest first, at most {@code max}. */
    List<ApprovalRequest> findDecidedBy(String realmId, String userId, Instant since, int max);

    /** Requests of a realm, newest first, at most {@code max}. One whose time was up may no longer have the status asked for. */
    List<ApprovalRequest> list(String realmId, RequestQuery wanted, int max);

    /** How many requests of a realm are pending. */
    long countPending(String realmId);

    /**
     * How many requests a user has opened since then, whatever became of them.
     *
     * @param actions only those for one of these actions of the context schema; null for all
     */
    long countOpened(String realmId, String userId, Set<String> actions, Instant since);

    /** What happened to a request, oldest first. */
    List<ApprovalEvent> history(String requestId);

    /**
     * Carries out a command, whoever gives it and through whichever channel it came.
     *
     * @param actor the authenticated user of the session at hand
     * @throws java.util.NoSuchElementException if the realm has no such request
     * @throws ApprovalConflictException if others kept changing the request; nothing was recorded
     */
    Outcome execute(String realmId, String requestId, Command command, Actor actor);
}
