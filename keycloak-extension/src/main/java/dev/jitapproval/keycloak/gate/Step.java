package dev.jitapproval.keycloak.gate;

import static java.util.Objects.requireNonNull;

import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.context.DecisionContext;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/**
 * One step that a door hands to the {@link Gate}.
 *
 * @param realm where; its policy decides
 * @param user who; authenticated by the steps before. Null only where {@code requester} stands in: somebody who has no account yet
 * @param requester who asks, where that is not simply {@code user}; null otherwise
 * @param client what is asked into, or by
 * @param context the facts, as they are now
 * @param holder who may wait for a request of this step, and spend it
 * @param reach how the answer reaches whoever asks
 * @param impersonator the admin who acts in the user's name, or null
 * @param sessionId the user's session that the step belongs to, or the one that a login will begin; null where there is none
 * @param kcAction the application-initiated action that the client asked for, or null
 * @param tabRequest the request that this very tab waits for, or null
 * @param spentRequest the request whose approval this login has spent already, or null
 * @param restarted whether the tab went back to the start of the login since it was given {@code tabRequest}
 * @param confirmedDigest the digest of the decision that the user confirmed, or null
 * @param justification what the user wrote, or null
 */
public record Step(
        RealmModel realm,
        UserModel user,
        Requester requester,
        ClientModel client,
        DecisionContext context,
        Holder holder,
        Reach reach,
        Impersonator impersonator,
        String sessionId,
        String kcAction,
        String tabRequest,
        String spentRequest,
        boolean restarted,
        String confirmedDigest,
        String justification) {

    /**
     * An admin who acts in somebody else's name.
     *
     * @param id their user id, in whichever realm they are at home
     * @param username their user name
     */
    public record Impersonator(String id, String username) {

        /**
         * Who acts in the name of a session's user: an admin, or a client that exchanged its token for one of theirs.
         *
         * @param login the session, or null
         * @return null where it is its own user who acts
         */
        public static Impersonator of(UserSessionModel login) {
            if (login == null) {
                return null;
            }
            String id = login.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString());
            String client = login.getNote(ImpersonationSessionNote.IMPERSONATOR_CLIENT.toString());
            if (id != null) {
                return new Impersonator(id, login.getNote(ImpersonationSessionNote.IMPERSONATOR_USERNAME.toString()));
            }
            return client == null ? null : new Impersonator(client, client);
        }

        /**
         * The key of the person behind the name. They are at home in the realm at hand, or in that of the server's admins.
         *
         * @param realm the realm at hand
         */
        public String personKey(KeycloakSession session, RealmModel realm) {
            EligibilityLookup people = session.getProvider(EligibilityLookup.class);
            RealmModel admins = session.realms().getRealmByName(Config.getAdminRealm());
            for (RealmModel home : admins == null || admins.equals(realm) ? List.of(realm) : List.of(realm, admins)) {
                UserModel person = session.users().getUserById(home, id);
                if (person != null) {
                    return people.personKey(home, person);
                }
            }
            return id;
        }
    }

    public Step {
        requireNonNull(realm, "realm");
        requireNonNull(client, "client");
        requireNonNull(context, "context");
        requireNonNull(holder, "holder");
        requireNonNull(reach, "reach");
        if (user == null && requester == null) {
            throw new IllegalArgumentException("a step needs somebody who asks");
        }
    }

    /** The user's id, or the requester's where there is no user. */
    public String userId() {
        return requester == null ? user.getId() : requester.id();
    }

    /** What the person is called in logs and requests. */
    public String username() {
        return requester == null ? user.getUsername() : requester.username();
    }

    /**
     * A step of somebody who has an account.
     *
     * @param holder who may wait for its request
     */
    public static Builder of(RealmModel realm, UserModel user, ClientModel client, DecisionContext context, Holder holder) {
        return new Builder(realm, user, client, context, holder);
    }

    /** Puts a step together; whatever is not said is absent, and the answer reaches nobody. */
    public static final class Builder {

        private final RealmModel realm;
        private final UserModel user;
        private final ClientModel client;
        private final DecisionContext context;
        private final Holder holder;
        private Requester requester;
        private Reach reach = Reach.NOBODY;
        private Impersonator impersonator;
        private String sessionId;
        private String kcAction;
        private String tabRequest;
        private String spentRequest;
        private boolean restarted;
        private String confirmedDigest;
        private String justification;

        private Builder(RealmModel realm, UserModel user, ClientModel client, DecisionContext context, Holder holder) {
            this.realm = realm;
            this.user = user;
            this.client = client;
            this.context = context;
            this.holder = holder;
        }

        /** @param requester who asks, where that is not simply the user */
        public Builder requester(Requester requester) {
            this.requester = requester;
            return this;
        }

        /** @param reach how the answer reaches whoever asks */
        public Builder reach(Reach reach) {
            this.reach = reach;
            return this;
        }

        /** @param impersonator the admin who acts in the user's name, or null */
        public Builder impersonator(Impersonator impersonator) {
            this.impersonator = impersonator;
            return this;
        }

        /** @param sessionId the user's session that the step belongs to, or the one that a login will begin; null where there is none */
        public Builder session(String sessionId) {
            this.sessionId = sessionId;
            return this;
        }

        /** @param kcAction the application-initiated action that the client asked for, or null */
        public Builder kcAction(String kcAction) {
            this.kcAction = kcAction;
            return this;
        }

        /**
         * @param request the request that this very tab waits for, or null
         * @param restarted whether the tab went back to the start of the login since
         */
        public Builder waitsFor(String request, boolean restarted) {
            this.tabRequest = request;
            this.restarted = restarted;
            return this;
        }

        /** @param request the request whose approval this login has spent already, or null */
        public Builder spent(String request) {
            this.spentRequest = request;
            return this;
        }

        /** @param digest of the decision that the user confirmed, or null */
        public Builder confirmed(String digest) {
            this.confirmedDigest = digest;
            return this;
        }

        /** @param justification what the user wrote, or null */
        public Builder justification(String justification) {
            this.justification = justification;
            return this;
        }

        /** The step. */
        public Step build() {
            return new Step(
                    realm, user, requester, client, context, holder, reach, impersonator, sessionId, kcAction, tabRequest, spentRequest, restarted,
                    confirmedDigest, justification);
        }
    }
}
