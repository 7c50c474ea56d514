package dev.jitapproval.keycloak.observe;

import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.PolicyInvalidException;
import dev.jitapproval.keycloak.policy.Policy;
import dev.jitapproval.keycloak.policy.PolicyStatus;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which policy decides on this node, and what is wrong with those that do not. */
final class PolicyFigures {

    private final MultiGauge info = MultiGauge.builder("jit.policy.info")
            .description("1 for the policy that decides on this node").register(Metrics.globalRegistry);
    private final MultiGauge rejected = MultiGauge.builder("jit.policy.rejected")
            .description("1 where the newest policy is not the one that decides, because it is not valid").register(Metrics.globalRegistry);
    private final MultiGauge missing = MultiGauge.builder("jit.policy.missing")
            .description("1 where the checkpoint guards a realm without a policy, and refuses every step").register(Metrics.globalRegistry);

    /** The hash of the policy that was active at the last look, by realm. */
    private final Map<String, String> seen = new HashMap<>();

    /**
     * A realm that knows of the checkpoint.
     *
     * @param guarded whether its sign-ins pass it
     */
    record Realm(String name, boolean guarded, PolicyStatus policy) {

        boolean lacksPolicy() {
            return guarded && policy.active().isEmpty();
        }
    }

    /** Shows the realms as they are, and takes away the series of rules that have gone. */
    void show(List<Realm> realms, Engine engine) {
        List<MultiGauge.Row<?>> infos = new ArrayList<>();
        List<MultiGauge.Row<?>> rejections = new ArrayList<>();
        List<MultiGauge.Row<?>> lacking = new ArrayList<>();
        for (Realm realm : realms) {
            String name = RuleLabel.realm(realm.name());
            if (Labels.OTHER.equals(name)) {
                continue;
            }
            Tags tags = Tags.of("realm", name);
            realm.policy().active().ifPresent(policy -> {
                infos.add(MultiGauge.Row.of(tags.and("policy", policy.name(), "hash", policy.hash(),
                        "mode", policy.mode().name().toLowerCase(Locale.ROOT)), 1));
                retire(name, policy, engine);
            });
            rejections.add(MultiGauge.Row.of(tags, realm.policy().lastError().isPresent() ? 1 : 0));
            lacking.add(MultiGauge.Row.of(tags, realm.lacksPolicy() ? 1 : 0));
        }
        info.register(infos, true);
        rejected.register(rejections, true);
        missing.register(lacking, true);
        seen.keySet().retainAll(realms.stream().map(Realm::name).toList());
    }

    private void retire(String realm, Policy policy, Engine engine) {
        if (policy.hash().equals(seen.get(realm))) {
            return;
        }
        try {
            RetiredSeries.ofRulesBut(realm, policy.name(), Set.copyOf(engine.load(policy.source(), policy.hash()).rules()));
            seen.put(realm, policy.hash());
        } catch (EngineException | PolicyInvalidException later) {
            // The engine is in trouble, which has a figure of its own; the old series may stay until the next look.
            return;
        }
    }
}
