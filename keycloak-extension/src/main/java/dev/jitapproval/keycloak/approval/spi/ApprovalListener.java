package dev.jitapproval.keycloak.approval.spi;

import org.keycloak.provider.Provider;

/**
 * Told of every change to a request, after it was committed: notifiers, events, metrics. Every provider of this kind is told.
 *
 * <p>Called once on the thread that made the change, in a session and a transaction of its own whose context holds the request's realm.
 * A listener that fails is logged and changes nothing for anybody else. One that talks to the network must hand that to a thread of
 * its own: a person is waiting for this one.
 */
public interface ApprovalListener extends Provider {

    /** A command was carried out, a deadline fired, or a command was rejected. */
    void onChange(ApprovalChange change);

    @Override
    default void close() {}
}
