package dev.jitapproval.keycloak.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The pages that wait on this node to hear of a request. One that waits is an entry in a map: no thread, no session, no transaction, no
 * connection to the database. There are never more than the two bounds say, and none waits longer than it was given.
 */
public final class Waiters {

    /** How one ends. */
    public enum Heard {
        /** Something has happened to the request, or may have. */
        NEWS,
        /** Its time was up. */
        NOTHING
    }

    private final int mostForOneRequest;
    private final int mostOnThisNode;
    private final Map<String, Set<CompletableFuture<Heard>>> waiting = new HashMap<>();
    private int count;

    /**
     * @param mostForOneRequest how many may wait for the same request: the tabs of one browser
     * @param mostOnThisNode how many may wait altogether
     */
    public Waiters(int mostForOneRequest, int mostOnThisNode) {
        this.mostForOneRequest = mostForOneRequest;
        this.mostOnThisNode = mostOnThisNode;
    }

    /**
     * Waits for news of a request.
     *
     * @param longest after which it hears {@link Heard#NOTHING}
     * @return what it hears; empty where too many wait already
     */
    public Optional<CompletableFuture<Heard>> await(String requestId, Duration longest) {
        CompletableFuture<Heard> waiter = new CompletableFuture<>();
        synchronized (this) {
            Set<CompletableFuture<Heard>> others = waiting.getOrDefault(requestId, Set.of());
            if (count >= mostOnThisNode || others.size() >= mostForOneRequest) {
                return Optional.empty();
            }
            waiting.computeIfAbsent(requestId, id -> new HashSet<>()).add(waiter);
            count++;
        }
        CompletionStage<Heard> gone = waiter.completeOnTimeout(Heard.NOTHING, longest.toMillis(), TimeUnit.MILLISECONDS);
        gone.whenComplete((heard, failed) -> forget(requestId, waiter));
        return Optional.of(waiter);
    }

    /** Tells those who wait for a request that something has happened to it. */
    public void wake(String requestId) {
        List<CompletableFuture<Heard>> woken;
        synchronized (this) {
            woken = new ArrayList<>(waiting.getOrDefault(requestId, Set.of()));
        }
        woken.forEach(waiter -> waiter.complete(Heard.NEWS));
    }

    /** Lets everybody go, because the server stops. */
    public void wakeAll() {
        List<String> requests;
        synchronized (this) {
            requests = new ArrayList<>(waiting.keySet());
        }
        requests.forEach(this::wake);
    }

    /** How many wait now. */
    public synchronized int count() {
        return count;
    }

    private synchronized void forget(String requestId, CompletableFuture<Heard> waiter) {
        Set<CompletableFuture<Heard>> others = waiting.get(requestId);
        if (others != null && others.remove(waiter)) {
            count--;
            if (others.isEmpty()) {
                waiting.remove(requestId);
            }
        }
    }
}
