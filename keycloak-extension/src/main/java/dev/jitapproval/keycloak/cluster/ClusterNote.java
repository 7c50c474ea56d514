package dev.jitapproval.keycloak.cluster;

import static java.util.Objects.requireNonNull;

import org.keycloak.cluster.ClusterEvent;

/**
 * One line of text for the listeners of a topic on every node.
 *
 * <p>Infinispan carries it, so {@link ClusterNoteSchema} says how it is written. A new kind of news needs a new topic, not a new class.
 *
 * @param text what it is about, such as a realm's id; never a secret
 */
public record ClusterNote(String text) implements ClusterEvent {

    public ClusterNote {
        requireNonNull(text, "text");
    }
}
