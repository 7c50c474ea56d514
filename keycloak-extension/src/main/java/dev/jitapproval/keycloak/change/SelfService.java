package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.SessionFacts;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.flow.RefusalText;
import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Holder;
import dev.jitapproval.keycloak.gate.Reach;
import dev.jitapproval.keycloak.gate.Step;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.observe.Observations;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/**
 * A change that somebody makes where no page can be shown. Only what the policy simply allows goes on: for everything else there is the same change
 * among Keycloak's required actions, and the answer says so. No request is opened here, since it could not be used there.
 */
final class SelfService {

    private static final Logger LOG = Logger.getLogger(SelfService.class);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel user;
    private final ClientModel client;
    private final UserSessionModel userSession;

    private SelfService(KeycloakSession session, UserModel user) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.user = user;
        this.client = session.getContext().getClient();
        this.userSession = session.getContext().getUserSession();
    }

    /**
     * Why a change is not made.
     *
     * @param message for the person, in their language
     */
    record Refused(String message) {}

    /** As whoever the token or the cookie of the request at hand has proven to be. */
    static SelfService of(KeycloakSession session, UserModel user) {
        return new SelfService(session, user);
    }

    /** @return empty where the change may be made */
    Optional<Refused> judge(Planned planned) {
        Verdict verdict = ask(planned);
        if (verdict instanceof Verdict.Pass) {
            return Optional.empty();
        }
        tell(verdict, planned);
        return Optional.of(new Refused(message(verdict, planned)));
    }

    private Verdict ask(Planned planned) {
        try {
            ContextBuilder context = ContextBuilder.at(session, realm, planned.action(), KeycloakClock.now())
                    .client(client)
                    .user(user)
                    .change(planned.change())
                    .target(planned.target());
            proven().ifPresent(proven -> context.session(SessionFacts.of(session, proven)));
            Holder holder = Holder.backChannel(client.getId(), user.getId(), userSession == null ? "" : userSession.getId());
            return new Gate(session)
                    .judge(Step.of(realm, user, client, context.build(), holder)
                            .reach(Reach.NOBODY)
                            .impersonator(Step.Impersonator.of(userSession))
                            .session(userSession == null ? null : userSession.getId())
                            .build());
        } catch (RuntimeException e) {
            LOG.errorf(e, "The facts about a change of user %s could not be gathered", user.getUsername());
            return new Verdict.Refuse(Verdict.Refusal.UNAVAILABLE, null);
        }
    }

    private Optional<AuthenticatedClientSessionModel> proven() {
        return Optional.ofNullable(userSession).map(found -> found.getAuthenticatedClientSessionByClient(client.getId()));
    }

    private void tell(Verdict verdict, Planned planned) {
        Decision decision = decision(verdict);
        EventBuilder event = new EventBuilder(realm, session, session.getContext().getConnection())
                .event(EventType.CUSTOM_REQUIRED_ACTION)
                .client(client)
                .user(user)
                .detail(Details.CUSTOM_REQUIRED_ACTION, planned.action());
        if (userSession != null) {
            event.session(userSession);
        }
        String what = verdict instanceof Verdict.Refuse refuse ? RefusalText.of(refuse.why()).event() : "interaction_required";
        Observations.mark(
                        event, what, decision == null ? null : decision.policy().name(), decision == null ? null : decision.rule(), null)
                .error(Errors.ACCESS_DENIED);
    }

    private String message(Verdict verdict, Planned planned) {
        LoginFormsProvider texts = session.getProvider(LoginFormsProvider.class);
        Optional<String> elsewhere =
                Elsewhere.of(session, planned).map(where -> texts.getMessage("jitSelfServiceElsewhere", where.toString()));
        if (verdict instanceof Verdict.Refuse refuse) {
            String refusal = texts.getMessage(RefusalText.of(refuse.why()).outcome());
            // There, the sign-in may be able to ask for the stronger factor.
            return refuse.why() == Refusal.STEP_UP ? elsewhere.map(where -> refusal + " " + where).orElse(refusal) : refusal;
        }
        return elsewhere.orElseGet(() -> texts.getMessage("jitSelfServiceNowhere"));
    }

    private static Decision decision(Verdict verdict) {
        if (verdict instanceof Verdict.Refuse refuse) {
            return refuse.decision();
        }
        return verdict instanceof Verdict.InteractionNeeded needed ? needed.decision() : null;
    }
}
