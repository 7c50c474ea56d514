package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.GrantStore;
import dev.jitapproval.keycloak.approval.jpa.RequestStore;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What one transaction of an approval may touch: the store, and the directory as it is at this moment. */
interface UnitOfWork {

    RequestStore requests();

    GrantStore grants();

    /** Who could vote in a stage now. */
    Eligible eligible(String realmId, Requester requester, Stage stage);

    /** The indexes of the stage's selectors that the actor matches; none for somebody who is disabled or gone. */
    List<Integer> matches(String realmId, Requester requester, Stage stage, Actor actor);

    /** Stores a side effect together with its cause. */
    void put(OutboxMessage message);

    /** The server's address as people know it, or empty where nothing tells it. */
    Optional<URI> frontend(String realmId);

    /** Begins transactions. */
    interface Source {

        /** Runs work in a transaction of its own, which is committed when this returns and rolled back when it throws. */
        <T> T inNewTransaction(Function<UnitOfWork, T> work);
    }
}
