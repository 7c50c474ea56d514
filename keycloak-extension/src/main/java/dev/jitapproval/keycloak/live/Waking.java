package dev.jitapproval.keycloak.live;

import dev.jitapproval.keycloak.cluster.ClusterNotes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** The waiters of this server, and the one line that nodes tell each other: the id of a request to which something has happened. */
public final class Waking {

    private static final String TOPIC = "jit-approval-request";

    /** The tabs of one browser; a browser has six connections to a server, and other pages need some. */
    private static final int MOST_FOR_ONE_REQUEST = 4;

    private static final int MOST_ON_THIS_NODE = 2_000;

    private static final Waiters WAITERS = new Waiters(MOST_FOR_ONE_REQUEST, MOST_ON_THIS_NODE);

    private Waking() {}

    /** Waits for news of a request; empty where too many wait already. */
    public static Optional<CompletableFuture<Waiters.Heard>> await(String requestId, Duration longest) {
        return WAITERS.await(requestId, longest);
    }

    /** Listens to the other nodes for as long as the server runs. */
    static void listen(KeycloakSessionFactory factory) {
        ClusterNotes.listen(factory, TOPIC, WAITERS::wake);
    }

    /** Tells this node and the others. Call it after the commit. */
    static void tell(KeycloakSession session, String requestId) {
        WAITERS.wake(requestId);
        ClusterNotes.tellOthers(session, TOPIC, requestId);
    }

    static void stop() {
        WAITERS.wakeAll();
    }
}
