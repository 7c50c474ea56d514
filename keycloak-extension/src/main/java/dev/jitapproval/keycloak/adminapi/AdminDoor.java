package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Holder;
import dev.jitapproval.keycloak.gate.Reach;
import dev.jitapproval.keycloak.gate.Step;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.How;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Asks the gate about what an administrator is about to do in a realm, by that realm's policy. */
public final class AdminDoor {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Administrator admin;
    private final Repeat repeat;

    /** @param realm whose policy decides: the one that is acted on */
    public AdminDoor(KeycloakSession session, RealmModel realm, Administrator admin) {
        this.session = session;
        this.realm = realm;
        this.admin = admin;
        this.repeat = Repeat.of(session.getContext().getHttpRequest().getHttpHeaders());
    }

    /**
     * Something that is about to be done.
     *
     * @param action an action of the context schema that the realm's policy has a rule on
     * @param target what it is done to
     * @param change what it changes, or null
     * @param sameCall what makes another call the same one, beside the administrator
     */
    public record Deed(String action, Target target, Change change, List<String> sameCall) {

        public Deed {
            sameCall = List.copyOf(sameCall);
        }
    }

    /**
     * Judges all that one call does. An approval is spent only on a call that needs no other one besides, or it would be lost.
     *
     * @return what to answer instead of doing it; empty where it may be done
     */
    public Optional<Problem> judge(List<Deed> deeds) {
        AdminEvents events = new AdminEvents(session, realm, admin);
        if (admin.bypasses(session)) {
            events.passed(deeds.get(0), new Verdict.Pass(How.ADMIN_BYPASS, null, null));
            return Optional.empty();
        }
        List<Deed> open = deeds;
        if (deeds.size() > 1) {
            open = new ArrayList<>();
            for (Deed deed : deeds) {
                Verdict verdict = ask(deed, Reach.NOBODY);
                if (verdict instanceof Verdict.Refuse refuse && refuse.why() == Refusal.POLICY) {
                    // In a call of its own it would be denied as well.
                    open = List.of(deed);
                    break;
                }
                if (!(verdict instanceof Verdict.Pass)) {
                    open.add(deed);
                }
            }
        }
        if (open.size() > 1) {
            return Optional.of(AdminAnswer.oneAtATime(open.stream().map(Deed::action).toList()));
        }
        for (Deed deed : open) {
            Verdict verdict = ask(deed, Reach.PROTOCOL);
            if (!(verdict instanceof Verdict.Pass pass)) {
                events.stopped(deed, verdict);
                return Optional.of(new AdminAnswer(session, realm, admin, repeat).to(deed, verdict));
            }
            events.passed(deed, pass);
        }
        return Optional.empty();
    }

    private Verdict ask(Deed deed, Reach reach) {
        ContextBuilder context = ContextBuilder.at(session, realm, deed.action(), KeycloakClock.now())
                .user(admin.home(), admin.user())
                .client(admin.client())
                .session(admin.proven(session))
                .target(deed.target())
                .change(deed.change());
        return new Gate(session).judge(Step.of(realm, admin.user(), admin.client(), context.build(), holder(deed))
                .requester(admin.requester(session))
                .impersonator(admin.impersonator())
                .session(admin.token().getSessionId())
                .reach(reach)
                .confirmed(repeat.confirmed())
                .justification(repeat.justification())
                .build());
    }

    /** The same administrator, who sends the same call again. */
    private Holder holder(Deed deed) {
        List<String> proven = new ArrayList<>(List.of("admin", admin.home().getId(), admin.user().getId(), realm.getId()));
        proven.addAll(deed.sameCall());
        return Holder.backChannel(proven.toArray(String[]::new));
    }
}
