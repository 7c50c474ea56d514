package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.approval.jpa.StoredRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The approval service: load, advance, append, tell.
 *
 * <p>See {@link ApprovalService} for which transaction does what. Each change is one transaction: it reads the request and its events,
 * looks up the facts, asks the fold, and stores the answer under the sequence number that it read. If somebody else has stored something
 * under that number meanwhile, all of it is done again from the start; so of twelve votes at once every one is judged with
 * the ones before it in sight. Listeners are told after the commit, and outside of the transaction.
 */
final class Approvals implements ApprovalService {

    private static final int MOST_AT_ONCE = 100;

    private final UnitOfWork.Source transactions;
    private final Supplier<RequestStore> reading;
    private final Consumer<ApprovalChange> listeners;
    private final Clock clock;
    private final Fold fold;

    /**
     * @param transactions begins the transactions that change something
     * @param reading the store in the caller's transaction
     * @param listeners told of every change after its commit; must not throw
     */
    Approvals(
            Engine engine,
            UnitOfWork.Source transactions,
            Supplier<RequestStore> reading,
            Consumer<ApprovalChange> listeners,
            Clock clock) {
        this.transactions = transactions;
        this.reading = reading;
        this.listeners = listeners;
        this.clock = clock;
        this.fold = new Fold(engine);
    }

    @Override
    public Outcome open(NewRequest wanted) {
        return change(work -> {
            Instant now = now();
            Optional<Change> existing = work.requests()
                    .findLive(wanted.key())
                    .map(stored -> fold.execute(work, stored, Command.tick(), Actor.SYSTEM, now));
            if (existing.isPresent() && existing.get().after().status().isLive()) {
                return existing.get();
            }
            Change opened = fold.open(work, wanted, now);
            // An older request that ran out just now has made room; its end must not get lost.
            return existing.map(ended -> opened.following(ended)).orElse(opened);
        });
    }

    @Override
    public Outcome execute(String realmId, String requestId, Command command, Actor actor) {
        return change(work -> work.requests()
                .find(realmId, requestId)
                .map(stored -> fold.execute(work, stored, command, actor, now()))
                .orElseThrow(() -> new NoSuchElementException("realm " + realmId + " has no request " + requestId)));
    }

    @Override
    public Optional<ApprovalRequest> find(String realmId, String requestId) {
        return reading.get().find(realmId, requestId).map(stored -> current(stored.request()));
    }

    @Override
    public Optional<ApprovalRequest> findLive(RequestKey key) {
        return reading.get()
                .findLive(key)
                .map(stored -> current(stored.request()))
                .filter(request -> request.status().isLive());
    }

    @Override
    public Optional<ApprovalRequest> findLatest(RequestKey key) {
        return reading.get().findLatest(key).map(stored -> current(stored.request()));
    }

    @Override
    public List<ApprovalRequest> findLiveOfUser(String realmId, String userId) {
        return reading.get().findLiveOfUser(realmId, userId, MOST_AT_ONCE).stream()
                .map(stored -> current(stored.request()))
                .filter(request -> request.status().isLive())
                .toList();
    }

    @Override
    public List<ApprovalRequest> findLiveOfClient(String realmId, String clientId) {
        return reading.get().findLiveOfClient(realmId, clientId, MOST_AT_ONCE).stream()
                .map(stored -> current(stored.request()))
                .filter(request -> request.status().isLive())
                .toList();
    }

    @Override
    public List<ApprovalRequest> findLiveAfter(String id, int max) {
        return reading.get().findLiveAfter(id, max).stream().map(StoredRequest::request).toList();
    }

    @Override
    public List<ApprovalRequest> findPending(String realmId, int max) {
        return reading.get().findPending(realmId, max).stream()
                .map(stored -> current(stored.request()))
                .filter(request -> request.status() == RequestStatus.PENDING)
                .toList();
    }

    @Override
    public List<ApprovalRequest> findDecidedBy(String realmId, String userId, Instant since, int max) {
        return reading.get().findDecidedBy(realmId, userId, since, max).stream()
                .map(stored -> current(stored.request()))
                .toList();
    }

    @Override
    public List<ApprovalRequest> list(String realmId, RequestQuery wanted, int max) {
        return reading.get().list(realmId, wanted, max).stream()
                .map(stored -> current(stored.request()))
                .toList();
    }

    @Override
    public long countPending(String realmId) {
        return reading.get().countPending(realmId);
    }

    @Override
    public long countOpened(String realmId, String userId, Set<String> actions, Instant since) {
        return reading.get().countOpened(realmId, userId, actions, since);
    }

    @Override
    public List<ApprovalEvent> history(String requestId) {
        return reading.get().events(requestId).stream().map(Documents::event).toList();
    }

    private ApprovalRequest current(ApprovalRequest request) {
        if (!Fold.isDue(request, now())) {
            return request;
        }
        return execute(request.key().realmId(), request.id(), Command.tick(), Actor.SYSTEM).request();
    }

    private Outcome change(Function<UnitOfWork, Change> work) {
        Change change = Collisions.retry(() -> transactions.inNewTransaction(unit -> {
            Change made = work.apply(unit);
            Effects.put(unit, made.forListeners());
            return made;
        }));
        change.forListeners().forEach(listeners);
        return change.outcome();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
