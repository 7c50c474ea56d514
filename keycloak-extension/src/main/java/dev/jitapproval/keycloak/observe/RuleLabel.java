package dev.jitapproval.keycloak.observe;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The labels {@code realm}, {@code policy} and {@code rule} of a metric. Rules are named by the policies' authors, not by callers; yet each name
 * is several time series, and policies change. So of a realm at most {@value #MOST_RULES} rules have names here at a time, and
 * of a server at most {@value #MOST_REALMS} realms; what is beyond counts as {@value Labels#OTHER}.
 */
final class RuleLabel {

    static final int MOST_RULES = 100;
    static final int MOST_REALMS = 200;

    /** Stands for a policy's default, which is no rule. */
    static final String DEFAULT = "default";

    private static final Map<String, Set<Named>> KNOWN = new ConcurrentHashMap<>();

    private RuleLabel() {}

    private record Named(String policy, String rule) {}

    /**
     * The labels of one rule.
     *
     * @param rule the rule's id, or {@code null} for the policy's default
     */
    static Tags of(String realm, String policy, String rule) {
        Named named = new Named(policy == null ? Labels.OTHER : policy, rule == null ? DEFAULT : rule);
        String ofRealm = realm(realm);
        Set<Named> known = KNOWN.computeIfAbsent(ofRealm, any -> ConcurrentHashMap.newKeySet());
        // Two threads may both see room for the last one; a rule more does no harm.
        boolean shown = known.contains(named) || known.size() < MOST_RULES && known.add(named);
        return Tags.of("realm", ofRealm, "policy", shown ? named.policy : Labels.OTHER, "rule", shown ? named.rule : Labels.OTHER);
    }

    /** A realm's name, as long as there are few enough. */
    static String realm(String name) {
        if (KNOWN.containsKey(name)) {
            return name;
        }
        if (KNOWN.size() >= MOST_REALMS) {
            return Labels.OTHER;
        }
        KNOWN.putIfAbsent(name, ConcurrentHashMap.newKeySet());
        return name;
    }

    /** Makes room: these realms are gone. */
    static void forgetRealmsBut(Set<String> present) {
        KNOWN.keySet().retainAll(present);
    }

    /** Makes room: of this policy, only these rules are left. */
    static void forgetRulesBut(String realm, String policy, Set<String> present) {
        Set<Named> known = KNOWN.get(realm);
        if (known != null) {
            known.removeIf(named -> !named.policy.equals(policy) || !named.rule.equals(DEFAULT) && !present.contains(named.rule));
        }
    }
}
