package dev.jitapproval.keycloak.cluster;

import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.keycloak.cluster.ClusterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Sends and receives {@link ClusterNote}s. A note may be lost, and comes to nodes that do not need it; it may be sent only after what it
 * tells of is committed, or the others look too early.
 */
public final class ClusterNotes {

    private static final Logger LOG = Logger.getLogger(ClusterNotes.class);

    private ClusterNotes() {}

    /**
     * Listens on this node for as long as the server runs: call it once for each topic, after the migration of the database.
     *
     * @param listener is called on a thread of the cluster, which it must not keep
     */
    public static void listen(KeycloakSessionFactory factory, String topic, Consumer<String> listener) {
        KeycloakModelUtils.runJobInTransaction(factory, session -> session.getProvider(ClusterProvider.class)
                .registerListener(topic, event -> {
                    if (event instanceof ClusterNote note) {
                        listener.accept(note.text());
                    }
                }));
    }

    /** Tells the other nodes. Where that fails, they find out when they look at the database. */
    public static void tellOthers(KeycloakSession session, String topic, String text) {
        try {
            session.getProvider(ClusterProvider.class).notify(topic, new ClusterNote(text), true);
        } catch (RuntimeException e) {
            LOG.warnf(e, "The other nodes could not be told of %s; they notice by themselves a little later", topic);
        }
    }
}
