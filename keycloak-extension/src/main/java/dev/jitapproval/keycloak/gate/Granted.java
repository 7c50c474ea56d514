package dev.jitapproval.keycloak.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.context.Instants;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.GrantTerms;
import dev.jitapproval.keycloak.engine.GrantTerms.Binding;
import dev.jitapproval.keycloak.policy.Policy;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.keycloak.models.KeycloakSession;

/** Grants as a step meets them: which one answers a decision, and which ones a policy may know of. */
final class Granted {

    /** The member of the context. */
    private static final String GRANTS = "grants";

    private final KeycloakSession session;

    Granted(KeycloakSession session) {
        this.session = session;
    }

    /**
     * The context of a step as the engine takes it, with the grants that hold here and now by their rules. They are read only for a policy
     * that can know of them: every other login spares the look-up.
     */
    String context(Step step, Policy policy) {
        ObjectNode context = step.context().toJson();
        if (policy.source().contains(GRANTS)) {
            ObjectNode grants = context.putObject(GRANTS);
            until(live(step), Here.of(step)).forEach((rule, until) -> grants.put(rule, Instants.of(until)));
        }
        return context.toString();
    }

    /**
     * The grant that spares the approval which a decision demands: of the same person, by the same rule, and approved by the chain that
     * would have to approve now. What the rule says of time and bindings today counts as well as what it said then.
     */
    Optional<Grant> answering(Step step, Decision decision, Requester requester) {
        GrantTerms wanted = decision.obligations().grant();
        if (wanted == null || decision.rule() == null) {
            return Optional.empty();
        }
        Here here = Here.of(step);
        return live(step).stream()
                .filter(grant -> grant.request().requester().personKey().equals(requester.personKey()))
                .filter(grant -> answers(grant, decision, here, KeycloakClock.now()))
                .findFirst();
    }

    static boolean answers(Grant grant, Decision decision, Here here, Instant now) {
        GrantTerms wanted = decision.obligations().grant();
        Set<Binding> boundTo = EnumSet.copyOf(grant.terms().boundTo());
        boundTo.addAll(wanted.boundTo());
        return grant.isLive(now)
                && now.isBefore(grant.from().plus(wanted.duration()))
                && decision.rule().equals(grant.request().ruleId())
                && grant.request().chain().equals(decision.obligations().approval())
                && here.holds(grant, boundTo);
    }

    /** By rule: until when the longest of its grants that hold here is good. */
    static Map<String, Instant> until(List<Grant> grants, Here here) {
        Map<String, Instant> until = new TreeMap<>();
        grants.stream()
                .filter(grant -> here.holds(grant, grant.terms().boundTo()))
                .forEach(grant -> until.merge(
                        grant.request().ruleId(), grant.until(), (one, other) -> one.isAfter(other) ? one : other));
        return until;
    }

    private List<Grant> live(Step step) {
        // A grant is a person's own; an admin in their name has none.
        return step.impersonator() != null ? List.of() : Grants.of(session).live(step.realm().getId(), step.userId());
    }
}
