package dev.jitapproval.keycloak.outbox;

import java.time.Clock;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;

/** Stores messages with their cause, and wakes the sender once that is committed. */
final class DatabaseOutbox implements Outbox {

    private final KeycloakSession session;
    private final Clock clock;
    private final Runnable wake;
    private boolean willWake;

    DatabaseOutbox(KeycloakSession session, Clock clock, Runnable wake) {
        this.session = session;
        this.clock = clock;
        this.wake = wake;
    }

    @Override
    public void put(OutboxMessage message) {
        if (KeycloakOutboxTransactions.store(session).insert(message, clock.instant())) {
            wakeAfterCommit();
        }
    }

    @Override
    public boolean redrive(String realmId, String id) {
        boolean redriven = KeycloakOutboxTransactions.store(session).redrive(realmId, id, clock.instant());
        wakeAfterCommit();
        return redriven;
    }

    @Override
    public int redriveDead(String realmId, String kind) {
        int redriven = KeycloakOutboxTransactions.store(session).redriveDead(realmId, kind, clock.instant());
        wakeAfterCommit();
        return redriven;
    }

    private void wakeAfterCommit() {
        if (!willWake) {
            willWake = true;
            session.getTransactionManager().enlistAfterCompletion(new Wake());
        }
    }

    private final class Wake extends AbstractKeycloakTransaction {

        @Override
        protected void commitImpl() {
            wake.run();
        }

        @Override
        protected void rollbackImpl() {
            // There is nothing to send.
        }
    }
}
