package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.doors.DoorAudit;
import dev.jitapproval.keycloak.doors.OpenDoor;
import dev.jitapproval.keycloak.policy.Policy;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Which doors of the realms stand open. An audit reads every client of a realm, so it is not made at every look. */
final class DoorFigures {

    static final Duration EVERY = Duration.ofMinutes(1);

    private final MultiGauge open = MultiGauge.builder("jit.open.doors")
            .description("1 for each door of the realm that stands open").register(Metrics.globalRegistry);

    private final Map<String, Audited> audited = new HashMap<>();

    private record Audited(Instant at, Optional<String> policy, List<OpenDoor> open) {

        boolean holds(Optional<String> policyNow, Instant now) {
            return policy.equals(policyNow) && now.isBefore(at.plus(EVERY));
        }
    }

    /** Audits the realms whose turn it is or whose policy is another one, and shows all of them. */
    void show(KeycloakSession session, List<RealmModel> realms, Map<String, Optional<Policy>> policies, Instant now) {
        audited.keySet().retainAll(realms.stream().map(RealmModel::getName).collect(Collectors.toSet()));
        for (RealmModel realm : realms) {
            Optional<String> policy = policies.getOrDefault(realm.getName(), Optional.empty()).map(Policy::hash);
            audited.compute(realm.getName(), (name, before) -> before != null && before.holds(policy, now)
                    ? before
                    : new Audited(now, policy, DoorAudit.of(session, realm)));
        }
        open.register(audited.entrySet().stream().flatMap(DoorFigures::rows).collect(Collectors.toList()), true);
    }

    private static Stream<MultiGauge.Row<?>> rows(Map.Entry<String, Audited> realm) {
        String name = RuleLabel.realm(realm.getKey());
        return Labels.OTHER.equals(name)
                ? Stream.empty()
                : realm.getValue().open().stream().map(door -> MultiGauge.Row.of(
                        Tags.of("realm", name, "code", door.code().code(), "severity", door.severity().wireName()), 1));
    }
}
