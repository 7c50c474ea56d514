package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.gate.Gate;
import dev.jitapproval.keycloak.gate.Holder;
import dev.jitapproval.keycloak.gate.Reach;
import dev.jitapproval.keycloak.gate.Step;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.grants.ciba.channel.CIBAAuthenticationRequest;
import org.keycloak.protocol.oidc.grants.device.DeviceGrantType;

/**
 * One authentication request of CIBA at the checkpoint. While it is held nobody's device hears of it, and the client polls as it does anyway;
 * the first poll after the approval sends it on, on whichever node that arrives. So the request is judged once more by what is true then.
 */
final class CibaDoor {

    private static final Logger LOG = Logger.getLogger(CibaDoor.class);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final CIBAAuthenticationRequest request;
    private final HeldCiba held;

    CibaDoor(KeycloakSession session, CIBAAuthenticationRequest request) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.request = request;
        this.held = new HeldCiba(session, request);
    }

    /**
     * The client asks for somebody to be authenticated; all else about its request is checked.
     *
     * @throws TokenRefusal where that is refused
     */
    void begin() {
        if (!Guarded.asks(session, realm, Grant.CIBA.action())) {
            return;
        }
        UserModel user = request.getUser();
        Verdict verdict = judge(user);
        if (verdict instanceof Verdict.Hold) {
            held.hold();
        } else {
            answer(user).give(verdict);
        }
    }

    /**
     * The client asks for its token. What goes on here is only that a device is asked or is not; whether there is a token, Keycloak says.
     *
     * @throws TokenRefusal where there will be none
     */
    void poll() {
        if (!held.isHeld() || !request.getIssuedFor().equals(request.getClient().getClientId())) {
            return;
        }
        UserModel user = session.users().getUserById(realm, request.getSubject());
        if (user == null) {
            DeviceGrantType.denyUserCode(session, realm, request.getAuthResultId());
            return;
        }
        Verdict verdict = judge(user);
        if (verdict instanceof Verdict.Pass) {
            answer(user).give(verdict);
            sendOn(user);
        } else if (!waits(verdict)) {
            DeviceGrantType.denyUserCode(session, realm, request.getAuthResultId());
            throw answer(user).refusalAfter(verdict);
        }
    }

    /** Whether the answer may be another one at the next poll; one that another poll has used is being sent on by that. */
    private static boolean waits(Verdict verdict) {
        return verdict instanceof Verdict.Hold
                || verdict instanceof Verdict.Ended ended && ended.request().status() == RequestStatus.USED
                || verdict instanceof Verdict.Refuse refuse
                        && (refuse.why() == Refusal.UNAVAILABLE || refuse.why() == Refusal.NO_POLICY);
    }

    private void sendOn(UserModel user) {
        request.setUser(user);
        if (!held.sendOn(user)) {
            LOG.errorf("The authentication channel did not take the request of user %s", user.getUsername());
            DeviceGrantType.denyUserCode(session, realm, request.getAuthResultId());
        }
    }

    private Verdict judge(UserModel user) {
        try {
            return new Gate(session).judge(step(user));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The facts about a ciba of realm %s could not be gathered", realm.getName());
            return new Verdict.Refuse(Refusal.UNAVAILABLE, null);
        }
    }

    private Step step(UserModel user) {
        ClientModel client = request.getClient();
        DecisionContext context = ContextBuilder.at(session, realm, Grant.CIBA.action(), KeycloakClock.now())
                .user(user)
                .client(client)
                .scopes(words(request.getScope()))
                .acrValues(words(request.getAcrValues()))
                .build();
        // The id is in no other request, and only whom the server gave the encrypted request can present it.
        Holder holder = Holder.backChannel(Grant.CIBA.action(), client.getId(), user.getId(), request.getId());
        return Step.of(realm, user, client, context, holder).reach(Reach.PROTOCOL).build();
    }

    private TokenAnswer answer(UserModel user) {
        return new TokenAnswer(session, new Asker(realm, Grant.CIBA, request.getClient(), user, null));
    }

    private static List<String> words(String spaceSeparated) {
        return spaceSeparated == null || spaceSeparated.isBlank() ? List.of() : List.of(spaceSeparated.trim().split("\\s+"));
    }
}
