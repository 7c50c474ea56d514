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
import dev.jitapproval.keycloak.grant.Resting;
import dev.jitapproval.keycloak.grant.RestsOn;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.TokenManager.AccessTokenResponseBuilder;
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
            held.passed(verdict.requestId());
        }
    }

    /**
     * The client asks for its token. What goes on here is only that a device is asked or is not; whether there is a token, Keycloak says.
     *
     * @throws TokenRefusal where there will be none
     */
    void poll() {
        if (!request.getIssuedFor().equals(request.getClient().getClientId())) {
            return;
        }
        if (!held.isHeld()) {
            refuseOnceOver();
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
            held.passed(verdict.requestId());
            sendOn(user);
        } else if (!waits(verdict)) {
            DeviceGrantType.denyUserCode(session, realm, request.getAuthResultId());
            throw answer(user).refusalAfter(verdict);
        }
    }

    /** The approval may have been taken back, or be over, before the device has answered. */
    private void refuseOnceOver() {
        Resting resting = new Resting(session);
        Optional<RestsOn> over = held.approval().flatMap(resting::of).filter(rests -> !resting.isGood(rests));
        UserModel user = over.isEmpty() ? null : session.users().getUserById(realm, request.getSubject());
        if (user != null) {
            DeviceGrantType.denyUserCode(session, realm, request.getAuthResultId());
            throw answer(user).over(over.get());
        }
    }

    /**
     * The client is about to get its tokens: the session that was made for them rests on the approval by which the request went on.
     *
     * @param tokens none of them is good for longer than that
     */
    void rest(ClientSessionContext context, AccessTokenResponseBuilder tokens) {
        held.approval()
                .flatMap(approval -> new Resting(session).note(context.getClientSession(), Grant.CIBA.action(), approval))
                .ifPresent(rests -> {
                    GrantGuard.bound(tokens.getAccessToken(), rests);
                    ApprovalMapper.tell(session, tokens.getAccessToken(), context, rests);
                });
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
        Holder holder = Holder.backChannelOnce(Grant.CIBA.action(), client.getId(), user.getId(), request.getId());
        return Step.of(realm, user, client, context, holder).reach(Reach.PROTOCOL).build();
    }

    private TokenAnswer answer(UserModel user) {
        return new TokenAnswer(session, new Asker(realm, Grant.CIBA, request.getClient(), user, null));
    }

    private static List<String> words(String spaceSeparated) {
        return spaceSeparated == null || spaceSeparated.isBlank() ? List.of() : List.of(spaceSeparated.trim().split("\\s+"));
    }
}
