package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.PlainFactory;
import java.util.Set;
import org.keycloak.models.KeycloakSession;

/** A signal that only computes, and its own factory: it keeps nothing between two attempts. */
abstract class BuiltInSignal implements RiskSignal, RiskSignalFactory, PlainFactory<RiskSignal> {

    private final String id;
    private final Set<String> fields;

    BuiltInSignal(String id, String... fields) {
        this.id = id;
        this.fields = Set.of(fields);
    }

    @Override
    public final RiskSignal create(KeycloakSession session) {
        return this;
    }

    @Override
    public final String getId() {
        return id;
    }

    @Override
    public final Set<String> fields() {
        return fields;
    }

    @Override
    public final boolean computesOnly() {
        return true;
    }

    @Override
    public void close() {}
}
