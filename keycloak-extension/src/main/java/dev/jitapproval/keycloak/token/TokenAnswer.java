package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.flow.RefusalText;
import dev.jitapproval.keycloak.gate.Verdict;
import dev.jitapproval.keycloak.gate.Verdict.Refusal;
import dev.jitapproval.keycloak.grant.RestsOn;
import dev.jitapproval.keycloak.rest.PersonRequestsResource;
import java.net.URI;
import org.keycloak.models.KeycloakSession;

/** Turns the gate's verdict into what the client is told, and tells the realm's events of it. */
final class TokenAnswer {

    private final KeycloakSession session;
    private final Asker asker;
    private final TokenEvents events;

    TokenAnswer(KeycloakSession session, Asker asker) {
        this.session = session;
        this.asker = asker;
        this.events = new TokenEvents(session, asker);
    }

    /**
     * Lets the request go on.
     *
     * @throws TokenRefusal where it does not. The transaction at hand is taken back then: Keycloak commits it otherwise, and with it the
     *     session, or the use of the refresh token, of a request that got nothing
     */
    void give(Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            events.passed(pass);
            return;
        }
        session.getTransactionManager().setRollbackOnly();
        throw refusalAfter(verdict);
    }

    /** The answer to a verdict that lets nothing go on; what was done before it in the request at hand stays. */
    TokenRefusal refusalAfter(Verdict verdict) {
        return TokenRefusal.of(session, asker.client(), error(verdict));
    }

    /** The answer where the approval that let a request go on is over before there was a token. */
    TokenRefusal over(RestsOn rests) {
        boolean expired = rests.isOver(KeycloakClock.now());
        events.over(rests, expired);
        String why = "the approval request " + rests.request() + (expired ? " has let this go on, and its time is up" : " was revoked");
        return TokenRefusal.of(session, asker.client(), TokenError.denied(why, rests.request(), follow(rests.request())));
    }

    private TokenError error(Verdict verdict) {
        if (verdict instanceof Verdict.Refuse refuse) {
            events.refused(refuse);
            String why = RefusalText.of(refuse.why()).toClient();
            return refuse.why() == Refusal.STEP_UP
                    ? TokenError.stepUp(why, refuse.decision().obligations().acr())
                    : TokenError.denied(why);
        }
        if (verdict instanceof Verdict.Hold hold) {
            String id = hold.request().id();
            return TokenError.held("approval is needed: the request " + id + " waits for it; try again later", id, follow(id));
        }
        if (verdict instanceof Verdict.Ended ended) {
            events.ended(ended.request());
            return ended(ended.request());
        }
        if (verdict instanceof Verdict.InteractionNeeded needed) {
            events.interactionNeeded(needed.decision());
            return TokenError.interactionRequired("a person has to be asked first: sign in with a browser");
        }
        throw new IllegalStateException("there is no page at the token endpoint for the verdict " + verdict);
    }

    private TokenError ended(ApprovalRequest ended) {
        String why = "the approval request " + ended.id() + " is " + ended.status().wireName();
        return TokenError.denied(why, ended.id(), follow(ended.id()));
    }

    private URI follow(String requestId) {
        return PersonRequestsResource.url(session, asker.realm(), requestId);
    }
}
