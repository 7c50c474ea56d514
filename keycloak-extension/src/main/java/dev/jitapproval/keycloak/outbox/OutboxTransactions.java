package dev.jitapproval.keycloak.outbox;

import dev.jitapproval.keycloak.outbox.jpa.OutboxStore;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What the sender needs of its surroundings: transactions, and the handlers. */
interface OutboxTransactions {

    /** Runs work in a transaction of its own, which is committed when this returns and rolled back when it throws. */
    <T> T run(Function<OutboxStore, T> work);

    /**
     * Lets the handler of a message deliver it: the first half and {@code inside} in one transaction, the second half after its commit.
     *
     * @param inside told what the handler made of the message, before the commit
     * @return what {@code inside} was told, once the second half is over too
     * @throws Exception whatever the handler throws
     */
    Delivery deliver(OutboxMessage message, BiConsumer<OutboxStore, Delivery> inside) throws Exception;
}
