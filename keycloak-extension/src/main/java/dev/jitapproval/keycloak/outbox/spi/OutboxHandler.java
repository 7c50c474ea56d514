package dev.jitapproval.keycloak.outbox.spi;

import dev.jitapproval.keycloak.outbox.OutboxMessage;
import org.keycloak.provider.Provider;

/** Delivers the messages of one kind; the provider's id is the kind. */
public interface OutboxHandler extends Provider {

    /**
     * Begins a delivery, in a transaction: reads what it needs, perhaps {@linkplain dev.jitapproval.keycloak.outbox.Outbox puts} more
     * messages, and leaves all that takes time on a network to the answer.
     *
     * <p>May be called again for a message that was delivered already, when the server ended before it could note that.
     *
     * @throws RuntimeException if it cannot be delivered now; the transaction is rolled back, and it is tried again later
     */
    Delivery begin(OutboxMessage message);

    @Override
    default void close() {}
}
