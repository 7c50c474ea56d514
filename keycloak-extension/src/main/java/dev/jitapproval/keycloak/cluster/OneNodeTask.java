package dev.jitapproval.keycloak.cluster;

import org.keycloak.cluster.ClusterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.timer.ScheduledTask;

/**
 * What every node's timer begins and one node of a cluster at a time does. It is no lock to rely on: a node that is cut off may do the
 * same at the same time, and the database has to keep the two apart.
 */
public abstract class OneNodeTask implements ScheduledTask {

    private final String name;
    private final int lockSeconds;

    /**
     * @param name unique in the cluster
     * @param lockSeconds for how long other nodes leave it to a node that began and does not end
     */
    protected OneNodeTask(String name, int lockSeconds) {
        this.name = name;
        this.lockSeconds = lockSeconds;
    }

    @Override
    public final String getTaskName() {
        return name;
    }

    @Override
    public void run(KeycloakSession session) {
        session.getProvider(ClusterProvider.class).executeIfNotExecuted(name, lockSeconds, () -> {
            work(session);
            return null;
        });
    }

    /** @param session the timer's, with its transaction */
    protected abstract void work(KeycloakSession session);
}
