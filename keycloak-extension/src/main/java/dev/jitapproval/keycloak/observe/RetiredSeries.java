package dev.jitapproval.keycloak.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Takes away the time series of what is no longer there, so that neither they nor the alerts on them outlive it. */
final class RetiredSeries {

    private static final String PREFIX = "jit.";

    private RetiredSeries() {}

    /** Of realms that were removed or have another name now. */
    static void ofRealmsBut(Set<String> present) {
        RuleLabel.forgetRealmsBut(present);
        remove(series -> isGone(series.getTag("realm"), present));
    }

    /** Of rules that a realm's policy has no longer, and of the policy that was active before under another name. */
    static void ofRulesBut(String realm, String policy, Set<String> present) {
        RuleLabel.forgetRulesBut(realm, policy, present);
        remove(series -> realm.equals(series.getTag("realm"))
                && series.getTag("rule") != null
                && (isGone(series.getTag("policy"), Set.of(policy)) || isGone(series.getTag("rule"), present)));
    }

    private static boolean isGone(String label, Set<String> present) {
        return label != null && !present.contains(label) && !label.equals(Labels.OTHER) && !label.equals(RuleLabel.DEFAULT);
    }

    private static void remove(Predicate<Meter.Id> which) {
        List<Meter> gone = Metrics.globalRegistry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith(PREFIX) && which.test(meter.getId()))
                .toList();
        gone.forEach(Metrics.globalRegistry::remove);
    }
}
