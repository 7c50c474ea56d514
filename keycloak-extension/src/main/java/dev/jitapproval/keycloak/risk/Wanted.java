package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.policy.Policy;
import java.util.Collection;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Which facts about the risk a realm's policy reads: the others are not looked up, nor remembered.
 *
 * @param reads paths of the context; {@code risk} stands for all of them
 */
record Wanted(Collection<String> reads) {

    /** By the active policy; nothing where there is none. */
    static Wanted by(KeycloakSession session, RealmModel realm) {
        return new Wanted(
                JitApprovalProvider.of(session).policies().active(realm).map(Policy::reads).orElse(List.of()));
    }

    boolean any(Collection<String> fields) {
        return reads.contains("risk") || fields.stream().anyMatch(reads::contains);
    }

    boolean any(String... fields) {
        return any(List.of(fields));
    }
}
