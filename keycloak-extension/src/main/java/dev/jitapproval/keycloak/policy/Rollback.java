package dev.jitapproval.keycloak.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which version a rollback leads to. It undoes like an editor does: an activation puts its version on top of the ones before, a
 * rollback takes the top one off. So the second of two rollbacks in a row goes one version further back, and an activation after a
 * rollback is undone to where that rollback had led.
 */
public final class Rollback {

    private Rollback() {}

    /**
     * A switch, as far as it matters here.
     *
     * @param kind what was asked for
     * @param version which version it led to
     */
    public record Switch(Activation.Kind kind, long version) {}

    /**
     * The version that was active before the one that is.
     *
     * @param history every switch of the realm, oldest first
     * @return empty where there was none before
     */
    static OptionalLong target(List<Switch> history) {
        Deque<Long> versions = new ArrayDeque<>();
        for (Switch done : history) {
            if (done.kind() == Activation.Kind.ACTIVATE) {
                versions.push(done.version());
            } else {
                versions.pop();
            }
        }
        versions.poll();
        return versions.isEmpty() ? OptionalLong.empty() : OptionalLong.of(versions.peek());
    }
}
