package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.flow.RefusalText;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.grant.RestsOn;
import dev.jitapproval.keycloak.observe.Observations;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;

/**
 * What the checkpoint says in the realm's events about a token request: a refusal is the grant's own event as an error. A client that tries
 * again while its request waits makes none, as with Keycloak's own {@code authorization_pending}.
 */
final class TokenEvents {

    private static final Logger LOG = Logger.getLogger(TokenEvents.class);

    /** The detail with what a rule under observation would have done. */
    private static final String EFFECT_DETAIL = "jit_effect";

    private final KeycloakSession session;
    private final Asker asker;

    TokenEvents(KeycloakSession session, Asker asker) {
        this.session = session;
        this.asker = asker;
    }

    void passed(Verdict.Pass pass) {
        observed(pass.decision(), false);
    }

    void refused(Verdict.Refuse refuse) {
        observed(refuse.decision(), true);
        tell(RefusalText.of(refuse.why()).event(), refuse.decision());
    }

    void interactionNeeded(Decision decision) {
        tell("interaction_required", decision);
    }

    void ended(ApprovalRequest ended) {
        send(Observations.mark(event(), ended.status().wireName(), ended.policyName(), ended.ruleId(), ended.id()));
    }

    /** @param expired whether by itself, rather than that it was taken back */
    void over(RestsOn rests, boolean expired) {
        send(Observations.mark(event(), expired ? GrantGuard.EXPIRED : GrantGuard.REVOKED, null, rests.rule(), rests.request()));
    }

    /** @param immediately where the transaction at hand is taken back, and with it what is only told at its end */
    private void observed(Decision decision, boolean immediately) {
        if (decision == null) {
            return;
        }
        decision.wouldHave().ifPresent(match -> Observations.mark(
                        event().event(EventType.CUSTOM_REQUIRED_ACTION), "observed", decision.policy().name(), match.rule(), null)
                .detail(EFFECT_DETAIL, match.effect().name().toLowerCase(Locale.ROOT))
                .storeImmediately(immediately)
                .success());
    }

    private void tell(String what, Decision decision) {
        send(decision == null
                ? Observations.mark(event(), what, null, null, null)
                : Observations.mark(event(), what, decision.policy().name(), decision.rule(), null));
    }

    /** An event that cannot be stored, because the database is what fails, changes no answer: it is a refusal already. */
    private void send(EventBuilder event) {
        try {
            event.error(Errors.ACCESS_DENIED);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The refusal of a %s could not be told as an event", asker.grant().action());
        }
    }

    private EventBuilder event() {
        EventBuilder event = new EventBuilder(asker.realm(), session, session.getContext().getConnection())
                .event(asker.grant().event())
                .client(asker.client())
                .user(asker.user())
                .detail(Details.GRANT_TYPE, asker.grant().type())
                .detail(Details.USERNAME, asker.user().getUsername());
        return asker.session() == null ? event : event.session(asker.session());
    }
}
