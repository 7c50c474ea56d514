package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.PolicyMode;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

class PolicySnapshotTest {

    /** A realm of which only the id is asked. */
    private static final RealmModel REALM = (RealmModel) Proxy.newProxyInstance(
            PolicySnapshotTest.class.getClassLoader(), new Class<?>[] {RealmModel.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("getId")) {
                    return "realm-1";
                }
                throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void aSessionKeepsThePolicyThatItSawFirst() {
        Switchable server = new Switchable();
        server.now = policy("first");
        PolicySnapshot session = new PolicySnapshot(server);

        assertThat(session.active(REALM)).contains(server.now);
        Policy first = server.now;
        server.now = policy("second");

        assertThat(session.active(REALM)).contains(first);
        assertThat(new PolicySnapshot(server).active(REALM)).contains(server.now);
    }

    @Test
    void noneStaysNone() {
        Switchable server = new Switchable();
        PolicySnapshot session = new PolicySnapshot(server);
        assertThat(session.active(REALM)).isEmpty();

        server.now = policy("first");

        assertThat(session.active(REALM)).isEmpty();
    }

    private static Policy policy(String name) {
        return new Policy("sha256:" + name, name, PolicyMode.ENFORCE, List.of("login"), "name: " + name);
    }

    private static final class Switchable implements Policies {

        private Policy now;

        @Override
        public Optional<Policy> active(RealmModel realm) {
            return Optional.ofNullable(now);
        }

        @Override
        public PolicyStatus status(RealmModel realm) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Policy> byHash(KeycloakSession session, String hash) {
            throw new UnsupportedOperationException();
        }
    }
}
